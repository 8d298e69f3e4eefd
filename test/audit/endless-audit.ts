import type { StoredEvent } from '../../events/index.js';
import { auditCommand } from '../../src/audit/audit.command.js';
import type { OpenLog } from '../../src/audit/verify.command.js';
import type { CommandIo } from '../../src/cli/command.js';
import { runCli } from '../../src/cli/run-cli.js';

// `portledger audit` over a log so long that nobody lives to see its end: a process for tests to interrupt.

const size = 1_000_000_000;
const eventAt = (ordinal: number): StoredEvent => ({
  ...{ id: String(ordinal), stream: 'port-leaf1:Ethernet1', type: 'LinkUp', data: { port: 'leaf1:Ethernet1' } },
  ...{ revision: ordinal, position: String(ordinal), ordinal },
  metadata: {
    ...{ source: 'urn:test', sourceId: String(ordinal), schemaVersion: 1 },
    ...{ time: '2026-01-01T00:00:00.000Z', recordedAt: '2026-01-01T00:00:00.000Z' },
  },
});
const head = { size, root: Buffer.alloc(32) };

const openLog: OpenLog = () =>
  Promise.resolve({
    logId: '00000000-0000-4000-9000-000000000000',
    readAll: ({ after = '-1', limit = 1000 } = {}) => {
      const events = Array.from({ length: limit }, (_, index) => eventAt(Number(after) + 1 + index));
      return Promise.resolve({ events, next: String(Number(after) + limit) });
    },
    readStream: () => Promise.resolve({ events: [], next: undefined }),
    readAt: (ordinals) => Promise.resolve(ordinals.map(eventAt)),
    ordinalsOf: () => Promise.resolve([]),
    findById: () => Promise.resolve(undefined),
    head: () => Promise.resolve(eventAt(size - 1)),
    tree: { head: () => Promise.resolve(head) } as Awaited<ReturnType<OpenLog>>['tree'],
    close: () => Promise.resolve(),
  });

const io: CommandIo = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY,
  env: process.env,
  stdin: process.stdin,
};
const audit = {
  ...{ name: 'audit', summary: '', examples: [] },
  load: () => Promise.resolve(auditCommand(openLog, openLog)),
};
process.exitCode = await runCli([audit], process.argv.slice(2), io);
