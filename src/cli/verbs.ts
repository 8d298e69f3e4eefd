import type { Verb } from './command.js';

/** Every verb: one entry each. `load` imports the file of the verb, so that no verb pays for what another one needs. */
export const verbs: readonly Verb[] = [
  {
    name: 'serve',
    summary: 'Run the engine: take events in, keep the map, answer over HTTP',
    examples: ['portledger serve', 'portledger serve --config /etc/portledger.json --log-format pretty'],
    load: async () => (await import('./serve.command.js')).serveCommand,
  },
  {
    name: 'token',
    summary: 'Make, list and revoke the tokens that may call the engine',
    examples: [
      'portledger token new --scope publisher --source urn:billing:eu --name billing > billing.token',
      'portledger token list',
      'portledger token revoke k7m2p9qa',
    ],
    load: async () => (await import('../auth/token.command.js')).tokenCommand,
  },
  {
    name: 'publish',
    summary: 'Publish events from a file of one CloudEvent a line; safe to repeat',
    examples: [
      'portledger publish events.ndjson --token-file billing.token',
      'zcat export.ndjson.gz | portledger publish - --token-file billing.token --json',
    ],
    load: async () => (await import('../intake/publish.command.js')).publishCommand,
  },
];
