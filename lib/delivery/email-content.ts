/** What a mail client shows. */
export interface EmailContent {
  subject: string;
  /** For clients that show no HTML, and for people who want none. */
  text: string;
  html: string;
}
