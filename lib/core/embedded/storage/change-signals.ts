/** What a process hears of the others. */
export interface ChangeListener {
  /** Something may have been written. Anybody who is let into the database can say so: what counts is what is there to read. */
  onSignal(): void;
  /** @param reason why signals do not arrive any more, or never did */
  onListening(isListening: boolean, reason?: string): void;
}

/** Tells other processes, over the database, that there is something to read. A signal may get lost. */
export interface ChangeSignals {
  /** Neither waits nor fails. */
  tell(): void;
  listen(listener: ChangeListener): void;
  close(): Promise<void>;
}
