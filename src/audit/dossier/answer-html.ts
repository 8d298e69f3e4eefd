import { shortInstant } from '../../cli/text-table.js';
import type { StoredEvent } from '../../../events/index.js';
import { renderAnswered } from './dossier-question.js';
import { escaped } from '../escaped.js';
import { asserted, knownLine, proved, questionLine, type Told } from './dossier-texts.js';

// Nothing is loaded and nothing runs: the policy says so to a browser even if a text should ever get through unescaped.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const style = `
body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2rem; }
pre, td, code { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; border: 1px solid #767676; padding: .8rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #bbb; padding: .3rem .6rem .3rem 0; overflow-wrap: anywhere; }
@media print { @page { size: A4 landscape; margin: 12mm; } body { margin: 0; max-width: none; font-size: 10pt; }
 pre { overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 7.5pt; } td { font-size: 8pt; }
 tr, li { break-inside: avoid; } thead { display: table-header-group; } }
`;

/** `answer.html`: the answer as a page to read and to print. No scripts, nothing from elsewhere, every text escaped. */
export function answerHtml(told: Told): string {
  const { facts, answered, events } = told;
  const title = escaped(questionLine(facts));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${escaped(knownLine(facts))}</p>
<h2>Answer</h2>
<pre tabindex="0" aria-label="Answer">${renderAnswered(answered).split('\n').map(escaped).join('\n')}</pre>
<h2>Enclosed events</h2>
<table>
<caption>As they are stored; whole in <code>events.ndjson</code>. Times in UTC.</caption>
<thead><tr><th scope="col">#</th><th scope="col">Became true</th><th scope="col">Recorded</th><th scope="col">Event</th><th scope="col">Publisher</th><th scope="col">Says</th></tr></thead>
<tbody>
${events.map(row).join('\n')}
</tbody>
</table>
<h2>What is proved</h2>
<p>To whoever checks the dossier as <code>README.txt</code> says; this page alone proves nothing.</p>
<ul>
${list(proved(told))}
</ul>
<h2>What is not proved</h2>
<ul>
${list(asserted(told))}
</ul>
</main>
</body>
</html>
`;
}

function row({ ordinal, metadata, type, stream, data }: StoredEvent): string {
  const cells = [
    String(ordinal),
    shortInstant(metadata.time),
    shortInstant(metadata.recordedAt),
    `${type} of ${stream}`,
    metadata.source,
    JSON.stringify(data),
  ];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

const list = (items: readonly string[]): string => items.map((one) => `<li>${escaped(one)}</li>`).join('\n');
