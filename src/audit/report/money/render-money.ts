import { textTable } from '../../../cli/text-table.js';
import { escaped } from '../../escaped.js';
import { reportPage } from '../day-html.js';
import type { Plot, Shown } from './money-report.js';

/** A report for a terminal. */
export function moneyText({ title, says, parts }: Shown): string {
  const sections = parts.map((part) => {
    const table = part.rows.length === 0 ? '' : `\n${textTable([part.columns, ...part.rows], '  ')}`;
    return `${part.title}: ${part.says}${table}`;
  });
  return `portledger: ${title}\n${says}\n\n${sections.join('\n\n')}\n`;
}

/** The rows for another program (RFC 4180, with the line ends of a text file). */
export function moneyCsv({ csv }: Shown): string {
  const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${csv.map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

/** A report as one page to read, to print and to send. */
export function moneyHtml({ title, says, keys, plots, parts }: Shown): string {
  return reportPage({ title: `portledger: ${title}`, says, keys, drawings: plots.map(plotSvg).join('\n'), parts });
}

const [width, height, foot] = [720, 120, 34];
/** What each part of a bar is drawn with, the lowest first: told apart by the height and the legend also without colour. */
const fills = ['events', 'violations', 'third'] as const;

/** Bars of stacked parts, the figure of each under the pointer and in the table below. */
function plotSvg({ title, bars }: Plot): string {
  const sums = bars.map(({ heights }) => heights.reduce((sum, { value }) => sum + value, 0));
  const most = Math.max(1, ...sums);
  const step = width / Math.max(1, bars.length);
  const drawn = bars.flatMap(({ name, heights }, at) => {
    const said = `<title>${escaped(`${name}: ${heights.map((one) => one.said).join(', ')}`)}</title>`;
    let top = height;
    const parts = heights.map(({ value }, index) => {
      const tall = (height * value) / most;
      top -= tall;
      const place = `x="${(at * step + 1).toFixed(1)}" y="${top.toFixed(1)}" width="${Math.max(1, step - 3).toFixed(1)}" height="${tall.toFixed(1)}"`;
      return `<rect class="${fills[index % fills.length]}" fill-opacity="${1 - 0.3 * index}" ${place}>${said}</rect>`;
    });
    const label = `<text x="${(at * step + 1).toFixed(1)}" y="${height + 14}">${escaped(name.slice(2))}</text>`;
    return [...parts, label];
  });
  const highest = bars[sums.indexOf(Math.max(0, ...sums))];
  const legend = [...new Set(bars.flatMap(({ heights }) => heights.map(({ of }) => of)))].join(', above it ');
  const most1 =
    highest === undefined ? '' : `, most in ${highest.name}: ${highest.heights.map((one) => one.said).join(', ')}`;
  return `<section><h2>${escaped(title)}</h2><svg viewBox="0 0 ${width} ${height + foot}" role="img" aria-label="${escaped(title)}">
${drawn.join('\n')}
<line x1="0" y1="${height}" x2="${width}" y2="${height}" />
<text x="0" y="${height + 30}">${escaped(`${legend}${most1}`)}</text>
</svg></section>`;
}
