import { escaped } from '../escaped.js';
import { hoursPlot, loudnessBar } from './day-plots.js';
import type { DayReport } from './day-report.js';
import { type Part, partsOf } from './day-sections.js';

// Nothing is loaded and nothing runs: the policy says so to a browser even if a text should ever get through unescaped.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const style = `
:root { color-scheme: light dark; --text: #1a2029; --soft: #515c6a; --ground: #fff; --line: #c5ccd4; --bar: #9db8da; --bad: #b3123b; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ed; --soft: #a0abb8; --ground: #12161b; --line: #3a444f; --bar: #3d6296; --bad: #ff8098; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .2rem; } p { margin: .2rem 0 .5rem; } .soft { color: var(--soft); }
.key { display: flex; flex-wrap: wrap; gap: .4rem 2rem; padding: 0; margin: 1rem 0; list-style: none; } .key b { font-size: 1.5rem; display: block; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); padding: .25rem .8rem .25rem 0; overflow-wrap: anywhere; }
th { color: var(--soft); font-size: .85rem; white-space: nowrap; } td.bar { width: 30%; min-width: 6rem; }
svg { width: 100%; height: auto; } svg.loud { height: 10px; } svg text { font-size: 11px; fill: var(--soft); } svg line { stroke: var(--line); }
.events { fill: var(--bar); } .violations { fill: var(--bad); } .third { fill: var(--soft); }
@media print { @page { size: A4; margin: 14mm; } :root { color-scheme: light; --text: #000; --soft: #444; --ground: #fff; --line: #bbb; --bar: #9db8da; --bad: #b3123b; }
 body { margin: 0; max-width: none; font-size: 9.5pt; } .wide { overflow: visible; } tr, svg, li { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } }
`;

/**
 * The report as one page to read, to print and to send: no scripts, nothing from elsewhere, every text escaped. Mail programs
 * show no drawings, and some show the texts of them in a heap: the page of a mail has none.
 */
export function dayHtml(report: DayReport, drawings: 'with drawings' | 'without drawings' = 'with drawings'): string {
  const isDrawn = drawings === 'with drawings';
  const { from, to, events, violations, standing, devices, unreadable } = report;
  const title = `portledger: ${spelt(from)} to ${spelt(to)} UTC`;
  const drift = devices.reduce((sum, { driftRepaired }) => sum + driftRepaired, 0);
  const keys: readonly (readonly [number, string])[] = [
    [violations.detected, 'new violations'],
    [standing.open, 'open'],
    [standing.muted, 'muted'],
    [report.moves.total, 'moves'],
    [drift, 'lines of drift put right'],
    [report.approvals.total, 'approvals'],
  ];
  const says = `${events} events of log ${report.logId}${unreadable === 0 ? '' : `, ${unreadable} of them cannot be read`}. Times in UTC.`;
  const parts = partsOf(report).map(({ loud, ...part }) => (isDrawn && loud !== undefined ? { ...part, loud } : part));
  return reportPage({ title, says, keys, drawings: isDrawn ? hoursPlot(report.hours) : '', parts });
}

/** What a page of a report shows; texts are escaped, and drawings are markup. */
export interface ReportPage {
  readonly title: string;
  readonly says: string;
  readonly keys: readonly (readonly [number | string, string])[];
  readonly drawings: string;
  readonly parts: readonly Part[];
}

/** One page for itself, in light and dark and on paper. */
export function reportPage(page: ReportPage): string {
  const title = escaped(page.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="soft">${escaped(page.says)}</p>
<ul class="key">
${page.keys.map(([count, name]) => `<li><b>${escaped(String(count))}</b>${escaped(name)}</li>`).join('\n')}
</ul>
${page.drawings}
${page.parts.map((part) => partHtml(part)).join('\n')}
</main>
</body>
</html>
`;
}

function partHtml({ title, says, columns, rows, loud }: Part): string {
  const loudest = Math.max(1, ...(loud ?? []));
  const heads = [
    ...columns.map((name) => `<th scope="col">${name}</th>`),
    ...(loud ? ['<th scope="col">Loudness</th>'] : []),
  ];
  const lines = rows.map((row, index) => {
    const bar = loud === undefined ? '' : `<td class="bar">${loudnessBar(loud[index] ?? 0, loudest)}</td>`;
    return `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}${bar}</tr>`;
  });
  const table =
    rows.length === 0
      ? ''
      : `<div class="wide" tabindex="0" role="region" aria-label="${title}"><table><thead><tr>${heads.join('')}</tr></thead><tbody>\n${lines.join('\n')}\n</tbody></table></div>`;
  return `<section><h2>${title}</h2><p>${escaped(says)}</p>${table}</section>`;
}

const spelt = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
