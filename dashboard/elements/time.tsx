const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** A moment as people say it; the exact one is in its title. */
export function Time({ ms }: { ms: number }) {
  const date = new Date(ms);
  if (!Number.isFinite(ms) || Number.isNaN(date.getTime())) return <>unknown</>;
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' })}>
      {relative(ms - Date.now())}
    </time>
  );
}

function relative(differenceMs: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const seconds = differenceMs / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  if (unit === 'second') return seconds > 0 ? 'in a moment' : 'just now';
  return format.format(Math.trunc(seconds / size), unit);
}
