import {
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  SessionRecipe,
  ThirdPartyRecipe,
  type AttemptRate,
  type Recipe,
} from 'latchkey';
import { number, table } from './page.js';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/** The recipes whose actions the page shows. Only what they declare is read. */
const RECIPES = [
  SessionRecipe.init(),
  EmailPasswordRecipe.init(),
  EmailVerificationRecipe.init({ mode: 'REQUIRED' }),
  ThirdPartyRecipe.init({ providers: [] }),
] as Recipe[];

type Subject = 'account' | 'address';
type Rates = readonly AttemptRate[] | undefined;

const actions = Object.fromEntries(RECIPES.flatMap(({ definition }) => Object.entries(definition.attempts ?? {})));

/** @returns the most attempts that get through in so long a time, from a start at which none were made */
export function mostAttempts(rates: Rates, seconds: number): number {
  const each = (rates ?? []).map((rate) => rate.attempts + Math.floor((seconds * rate.attempts) / rate.seconds));
  return Math.min(...each);
}

/** What the limits are by default, and what they come to in a day and a year. */
export function ratesTable(): string {
  const rows = Object.entries(actions).flatMap(([name, action]) =>
    (['account', 'address'] as const satisfies Subject[]).flatMap((subject) => {
      const rates = action[subject];
      if (rates === undefined || rates.length === 0) return [];
      const cells = [DAY_SECONDS, YEAR_SECONDS].map((seconds) => number(mostAttempts(rates, seconds)));
      return [[`\`${name}\``, subject, rates.map(describeRate).join(', and '), ...cells]];
    }),
  );
  return table(['Action', 'By', 'At most', 'In a day', 'In a year'], rows);
}

/** Guesses at passwords that reach a check, by what an attacker has. */
export function attackersTable(): string {
  const { account, address } = actions.signIn!;
  const rows = [
    [1, 1],
    [1000, 1],
    [1, 10_000],
    [1000, 10_000],
    [100_000, 1_000_000],
  ].map(([addresses, accounts]) => {
    const cells = [DAY_SECONDS, YEAR_SECONDS].map((seconds) =>
      number(Math.min(addresses! * mostAttempts(address, seconds), accounts! * mostAttempts(account, seconds))),
    );
    return [number(addresses!), number(accounts!), ...cells];
  });
  return table(['Addresses', 'Accounts', 'Guesses in a day', 'Guesses in the first year'], rows);
}

/** In how many years somebody has tried so many passwords at one account, from however many addresses. */
export function yearsFor(guesses: number): number {
  const years = (actions.signIn!.account ?? []).map(
    ({ attempts, seconds }) => ((guesses - attempts) / attempts) * (seconds / YEAR_SECONDS),
  );
  return Math.round(Math.max(...years));
}

/** What follows from the options, as the page has it. */
export function ratesPart(): string {
  return [
    ratesTable(),
    'So these guesses at passwords are checked, of an attacker with so many addresses, at so many accounts:',
    attackersTable(),
    `To try the 3,000 most common passwords at one account takes ${number(yearsFor(3000))} years, from however many addresses.`,
  ].join('\n\n');
}

function describeRate({ attempts, seconds }: AttemptRate): string {
  const units: [number, string][] = [
    [YEAR_SECONDS, 'year'],
    [3600, 'hour'],
    [60, 'minute'],
  ];
  const [length, unit] = units.find(([each]) => seconds % each === 0) ?? [1, 'second'];
  const count = seconds / length;
  return `${number(attempts)} in ${count === 1 ? `${unit === 'hour' ? 'an' : 'a'} ${unit}` : `${count} ${unit}s`}`;
}
