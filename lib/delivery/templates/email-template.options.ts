import { z } from 'zod';
import { functionSchema, onFirstUse } from '../../core/check-options.js';
import type { RecipeEmail } from '../message-kinds.js';
import { type EmailBrand, isHexColor } from './email-style.js';
import type { EmailTexts, Translations } from './email-texts.js';

/** How the emails are written. */
export interface EmailTemplateOptions {
  /** The color and the logo. @default ours, and the application's name */
  brand?: EmailBrand;
  /** More languages, or other words for `en` and `de`. */
  translations?: Translations;
  /** Where a user's language is not known, or not one of ours. @default 'en' */
  defaultLocale?: string;
  /** The language to write to a user in; called while the request is there. @default by `Accept-Language` */
  resolveLocale?: (email: Omit<RecipeEmail, 'locale'>) => string | undefined | Promise<string | undefined>;
}

const TEXT = 'text';
const kindSchema = onFirstUse(() =>
  z.strictObject(
    {
      subject: z.string(TEXT),
      preheader: z.string(TEXT),
      heading: z.string(TEXT),
      intro: z.string(TEXT),
      button: z.string(TEXT).optional(),
      notAsked: z.string(TEXT),
      expires: z.string(TEXT).optional(),
      worksOnce: z.string(TEXT).optional(),
      linkHint: z.string(TEXT).optional(),
      footer: z.string(TEXT).optional(),
    },
    '{ subject, preheader, heading, intro, button, notAsked }',
  ),
);
/** A kind that no recipe declares is ignored: an application may share its texts with others that have more recipes. */
const textsSchema = onFirstUse((): z.ZodType<EmailTexts> =>
  z
    .object(
      { expires: z.string(TEXT), worksOnce: z.string(TEXT), linkHint: z.string(TEXT), footer: z.string(TEXT) },
      'all texts of the emails in that language',
    )
    .catchall(kindSchema()),
);

const COLOR = "a color such as '#0b7a5b'";
const LOGO = 'an address of an image that begins with https://';
const LANGUAGE = "a language tag such as 'de'";
const languageSchema = onFirstUse(() => z.string(LANGUAGE).refine(isLanguageTag, LANGUAGE));

/** Of `EmailTemplateOptions`, wherever they are options. */
export const templateShape = onFirstUse(() => ({
  brand: z
    .strictObject(
      {
        color: z.string(COLOR).refine(isHexColor, COLOR).optional(),
        logoUrl: z
          .string(LOGO)
          .refine((url) => URL.canParse(url) && new URL(url).protocol === 'https:', LOGO)
          .optional(),
      },
      '{ color, logoUrl }',
    )
    .optional(),
  translations: z.record(languageSchema(), textsSchema(), 'texts by language, such as { fr: { … } }').optional(),
  defaultLocale: languageSchema().optional(),
  resolveLocale: functionSchema('a function that returns a language tag').optional(),
}));

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
