import type { OpenReader } from '../audit/ask-auditor.js';
import type { Verb } from './command.js';

/** The database client is loaded only when a data directory is named. */
const openReader: OpenReader = async (directory) =>
  (await import('../event-store/embedded.event-store.js')).openEmbeddedReader(directory);

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
      'portledger publish --dry-run events.ndjson --token-file billing.token',
      'zcat export.ndjson.gz | portledger publish - --token-file billing.token --json',
    ],
    load: async () => (await import('../intake/publish.command.js')).publishCommand,
  },
  {
    name: 'map',
    summary: 'Show the IP <-> MAC <-> port map, now or as of any moment',
    examples: ['portledger map --port leaf1:Ethernet16', 'portledger map --ip 198.51.100.16 --at 2026-01-31T03:14:00Z'],
    load: async () => (await import('../audit/map.command.js')).mapCommand(openReader),
  },
  {
    name: 'audit',
    summary: 'Answer who had what when and why, with the events and the device lines they caused',
    examples: [
      'portledger audit at 2026-01-31T03:14:00Z',
      'portledger audit who-had 5254.0000.0016',
      "portledger audit explain 198.51.100.16 --known-at '#1200'",
      'portledger audit explain server:srv-17 --data ./data',
    ],
    load: async () => (await import('../audit/audit.command.js')).auditCommand(openReader),
  },
  {
    name: 'device',
    summary: 'Show what each device holds, lacks and waits for, and release a brake',
    examples: ['portledger device', 'portledger device leaf1', 'portledger device confirm leaf1 0f3a5c7e9b1d2468'],
    load: async () => (await import('../control/device.command.js')).deviceCommand,
  },
  {
    name: 'violations',
    summary: 'List what was heard on the network that billing did not sell, and follow it',
    examples: [
      'portledger violations --severity critical --since 2026-01-31T00:00:00Z',
      'portledger violations --victim cust-16 --follow --json',
    ],
    load: async () => (await import('../feed/violations.command.js')).violationsCommand,
  },
  {
    name: 'sensor',
    summary: 'Show what the sensor understands of a capture file',
    examples: ['portledger sensor decode night.pcap', 'portledger sensor decode night.pcap --json'],
    load: async () => (await import('../sensor/sensor.command.js')).sensorCommand,
  },
];
