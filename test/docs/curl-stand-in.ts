// Stands in for curl where a page's examples are run: a fresh machine may have none. Knows the options the examples use, no others.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    header: { type: 'string', short: 'H', multiple: true },
    data: { type: 'string', short: 'd' },
    silent: { type: 'boolean', short: 's' },
    'show-error': { type: 'boolean', short: 'S' },
  },
  allowPositionals: true,
});
const shown = positionals[0] ?? '';
const engine = process.env['PORTLEDGER_URL'] ?? 'http://127.0.0.1:8080';
const url = shown.replace(/^http:\/\/127\.0\.0\.1:8080/, engine);
const headers = Object.fromEntries(
  (values.header ?? []).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }),
);
const body = values.data?.startsWith('@') === true ? readFileSync(values.data.slice(1), 'utf8') : values.data;
const request = body === undefined ? { headers } : { method: 'POST', headers, body };
process.stdout.write(await (await fetch(url, request)).text());
