import type { Verb } from '../command.js';
import { openReader } from '../open-log.js';

/** Running the engine, who may call it, and publishing. */
export const engineVerbs: readonly Verb[] = [
  {
    name: 'serve',
    summary: 'Run the engine: take events in, keep the map, answer over HTTP',
    examples: ['portledger serve', 'portledger serve --config /etc/portledger.json --log-format pretty'],
    load: async () => (await import('../serve.command.js')).serveCommand,
  },
  {
    name: 'token',
    summary: 'Make, list and revoke the tokens that may call the engine',
    examples: [
      'portledger token new --scope publisher --source urn:billing:eu --name billing > billing.token',
      'portledger token list',
      'portledger token revoke k7m2p9qa',
    ],
    load: async () => (await import('../../auth/token.command.js')).tokenCommand,
  },
  {
    name: 'user',
    summary: 'Add, list, change and remove the people who may sign in',
    examples: [
      'portledger user add anna --role security-analyst,viewer',
      'portledger user list',
      'portledger user passwd anna --password-file new.password',
      'portledger user disable anna',
    ],
    load: async () => (await import('../../auth/user.command.js')).userCommand,
  },
  {
    name: 'publish',
    summary: 'Publish events from a file of one CloudEvent a line; safe to repeat',
    examples: [
      'portledger publish events.ndjson --token-file billing.token',
      'portledger publish --dry-run events.ndjson --token-file billing.token',
      'zcat export.ndjson.gz | portledger publish - --token-file billing.token --json',
    ],
    load: async () => (await import('../../intake/publish.command.js')).publishCommand,
  },
  {
    name: 'import',
    summary: "Publish billing's servers from a file, or hold the file against the map; a dry run first",
    examples: [
      'portledger import csv servers.csv --time 2026-01-01T00:00:00Z',
      'portledger import csv servers.csv --publish --source urn:billing:eu --token-file billing.token --rejects mend.csv',
      'portledger import netbox dump.json --rejects fill-in.ndjson',
      'portledger import csv servers.csv --compare --token-file viewer.token --emit gap.ndjson --source urn:billing:eu',
    ],
    load: async () => (await import('../../intake/import/import.command.js')).importCommand(openReader),
  },
  {
    name: 'comparison',
    summary: "Show how billing's file and the map differ, as the engine found it on its timer",
    examples: ['portledger comparison --token-file viewer.token', 'portledger comparison --json'],
    load: async () => (await import('../../intake/comparison/comparison.command.js')).comparisonCommand,
  },
];
