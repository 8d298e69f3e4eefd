import { readFileSync } from 'node:fs';

/** The base configuration exactly as the page of the BIRD driver shows it. */
export function documentedBase(): string {
  const page = readFileSync('src/drivers/bgp/bird.bgp.md', 'utf8');
  const [, base] = /^```bird\n([\s\S]*?)^```$/m.exec(page) ?? [];
  if (base === undefined) throw new Error('the page of the BIRD driver shows no base configuration');
  return base;
}
