export interface Bar {
  label: string;
  value: number;
  /** Whether it is the one that the chart is about. */
  isOurs?: boolean;
}

const WIDTH = 720;
const LABELS = 230;
const VALUES = 90;
const ROW = 26;

/** Horizontal bars as an SVG that is legible in light and in dark. @param unit what the values count, for the title */
export function barChart(title: string, unit: string, bars: Bar[]): string {
  const longest = Math.max(...bars.map(({ value }) => value));
  const height = 48 + bars.length * ROW;
  const rows = bars.map(({ label, value, isOurs }, at) => {
    const y = 44 + at * ROW;
    const length = Math.max(1, Math.round((value / longest) * (WIDTH - LABELS - VALUES)));
    return [
      `<text x="${LABELS - 10}" y="${y + 13}" text-anchor="end">${escape(label)}</text>`,
      `<rect x="${LABELS}" y="${y}" width="${length}" height="18" rx="2"${isOurs ? ' class="ours"' : ''}/>`,
      `<text x="${LABELS + length + 8}" y="${y + 13}">${escape(value.toLocaleString('en-US'))}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(`${title}, ${unit}`)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
rect { fill: #8c959f }
.ours { fill: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } rect { fill: #6e7681 } .ours { fill: #4493f8 } }
</style>
<text x="0" y="20"><tspan font-weight="bold">${escape(title)}</tspan>, ${escape(unit)}</text>
${rows.join('\n')}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
