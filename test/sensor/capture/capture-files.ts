import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Captures made in network namespaces for this project, small enough to be kept with the tests. */
export const ownCaptures = resolve('test/sensor/captures');

const shared = process.env['PORTLEDGER_REALDATA'] ?? resolve('../shared/realdata');

/** The folder of captures that nobody here made, or why there is none. */
export function realdata(): { readonly folder: string } | { readonly missing: string } {
  if (existsSync(join(shared, 'pcap')) && existsSync(join(shared, 'truth'))) return { folder: shared };
  return {
    missing: `skipped: no real captures in ${shared}; set PORTLEDGER_REALDATA to the folder that holds pcap/ and truth/`,
  };
}

/** The larger captures of our own, kept beside the real ones; empty when they are not there. */
export function floodCaptures(): string[] {
  const folder = resolve(shared, '../captures');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => /flood|scan-from/.test(path));
}
