import type { Verb } from '../command.js';
import { doors } from '../open-log.js';

/** The log itself: what is parked in it, its copies. */
export const logVerbs: readonly Verb[] = [
  {
    name: 'parked list',
    summary: 'List the streams that an event which cannot be read has frozen',
    examples: ['portledger parked list', 'portledger parked list --data ./data --json'],
    load: async () => (await import('../../control/parked.command.js')).parkedListCommand(doors),
  },
  {
    name: 'parked show',
    summary: 'Show a parked event as it is stored, why it cannot be read, and what waits behind it',
    examples: ['portledger parked show server-srv-17'],
    load: async () => (await import('../../control/parked.command.js')).parkedShowCommand(doors),
  },
  {
    name: 'parked retry',
    summary: 'Tell whether the code that is installed now can read a parked event',
    examples: ['portledger parked retry server-srv-17'],
    load: async () => (await import('../../control/parked.command.js')).parkedRetryCommand(doors),
  },
  {
    name: 'parked skip',
    summary: 'Pass over a parked event, so that those held behind it count',
    examples: [
      "portledger parked skip server-srv-17 --reason 'billing sends it anew' --confirm 5f9c3a52-6f0e-4d3c-9d5e-2b7c1f0a9e11",
    ],
    load: async () => (await import('../../control/parked.command.js')).parkedSkipCommand(doors),
  },
  {
    name: 'log tail',
    summary: 'Show the newest events of the log, and follow it',
    examples: ['portledger log tail -n 50', 'portledger log tail --follow --type ServerMoved --json'],
    load: async () => (await import('../../audit/log-tail.command.js')).logTailCommand(doors),
  },
  {
    name: 'log stream',
    summary: 'Show every event of one stream, also those that cannot be read',
    examples: ['portledger log stream server-srv-17', 'portledger log stream journal-leaf1 --offline ./backup --json'],
    load: async () => (await import('../../audit/log-stream.command.js')).logStreamCommand(doors),
  },
  {
    name: 'log stats',
    summary: 'Count what is in the log: events by type and stream, bytes, size and root hash',
    examples: ['portledger log stats', 'portledger log stats --offline ./backup --json'],
    load: async () => (await import('../../audit/log-stats.command.js')).logStatsCommand(doors),
  },
  {
    name: 'log export',
    summary: 'Write the log as JSON lines, checked against its root hash; goes on after an interruption',
    examples: ['portledger log export log.ndjson', 'portledger log export --data ./data | zstd > log.ndjson.zst'],
    load: async () => (await import('../../event-store/transfer/export.command.js')).exportCommand(doors),
  },
  {
    name: 'log restore',
    summary: 'Bring an exported log into an empty store, and compare it with its root hash',
    examples: [
      'portledger log restore log.ndjson --data ./restored',
      'zstdcat log.ndjson.zst | portledger log restore - --config portledger.json',
    ],
    load: async () => (await import('../../event-store/transfer/restore.command.js')).restoreCommand(doors),
  },
  {
    name: 'log copy',
    summary: 'Copy the log into another store, the same to the last bit; goes on after an interruption',
    examples: [
      'portledger log copy --from ./data --to cluster.json',
      'portledger log copy --from cluster.json --to ./data',
    ],
    load: async () => (await import('../../event-store/transfer/copy.command.js')).copyCommand(doors),
  },
  {
    name: 'backup',
    summary: 'Copy the embedded store while the engine runs, and verify the copy',
    examples: ['portledger backup /backup/portledger-$(date +%F) --data ./data'],
    load: async () => (await import('../../event-store/transfer/backup.command.js')).backupCommand(doors),
  },
];
