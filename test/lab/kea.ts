import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, objectOf } from '../../src/drivers/dhcp/json.js';
import { KeaControl, type KeaReply } from '../../src/drivers/dhcp/kea-control.js';
import { until } from './lab.js';
import { end, startInside } from './lab-process.js';

export type KeaConfiguration = JsonObject & {
  readonly subnet4?: readonly { readonly id: number }[];
};

/** One daemon of Kea, in hands that are not the driver's. */
export interface Kea {
  readonly socket: string;
  readonly confFile: string;
  readonly leaseFile: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  log(): string;
  /** What it runs with. */
  config(): Promise<KeaConfiguration>;
  /** Seconds since its last configuration. */
  sinceConfigured(): Promise<number>;
  /** What it answers to a command, nothing where it finds nothing; rejects where it cannot do it. */
  ask(command: string, args?: object): Promise<JsonObject>;
  /** A command that changes its configuration, as an operator types it. */
  command(command: 'config-set', change: (config: KeaConfiguration) => object): Promise<void>;
}

function configIn({ arguments: said }: KeaReply, family: 4 | 6): KeaConfiguration {
  return (said as Record<string, KeaConfiguration>)[`Dhcp${family}`] ?? {};
}

/** What Kea answers where there is none of what it was asked for. */
const nothingFound = 3;

/** Debian keeps the hook libraries below the folder of its architecture. */
function leaseCommands(): string {
  const found = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'].map((folder) =>
    join(folder, 'kea/hooks/libdhcp_lease_cmds.so'),
  );
  return found.find((path) => existsSync(path)) ?? 'libdhcp_lease_cmds.so';
}

/** A daemon of Kea in a namespace, with a configuration as an operator writes it: no place of ours in it. */
export function keaIn(netns: string, directory: string, family: 4 | 6, extra: object = {}): Kea {
  const folder = join(directory, `kea${family}`);
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const [confFile, socket, log, leaseFile] = [
    file('kea.conf'),
    file('control.sock'),
    file('kea.log'),
    file('leases.csv'),
  ];
  const config = {
    [`Dhcp${family}`]: {
      'control-socket': { 'socket-type': 'unix', 'socket-name': socket },
      'lease-database': { type: 'memfile', persist: true, name: leaseFile },
      'hooks-libraries': [{ library: leaseCommands() }],
      'interfaces-config': { interfaces: [] },
      'valid-lifetime': 3600,
      ...(family === 6 ? { 'data-directory': folder } : {}),
      loggers: [{ name: `kea-dhcp${family}`, severity: 'INFO', output_options: [{ output: log }] }],
      ...extra,
    },
  };
  writeFileSync(confFile, JSON.stringify(config));
  const asking = async <Answer>(work: (control: KeaControl) => Promise<Answer>): Promise<Answer> => {
    const control = new KeaControl('lab', `kea-dhcp${family}`, socket, 10_000);
    return work(control).finally(() => control.close());
  };
  let child: ChildProcessWithoutNullStreams | undefined;
  return {
    socket,
    confFile,
    leaseFile,
    async start() {
      rmSync(socket, { force: true });
      const places = [`KEA_PIDFILE_DIR=${folder}`, `KEA_LOCKFILE_DIR=${folder}`];
      const started = startInside(netns, 'env', [...places, `kea-dhcp${family}`, '-c', confFile]);
      let said = '';
      started.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child = started;
      await until(`kea-dhcp${family} answers on its control socket`, () => {
        if (started.exitCode !== null) throw new Error(`kea-dhcp${family} ended: ${said}`);
        return asking((control) => control.command('status-get')).then(
          () => true,
          () => false,
        );
      });
    },
    async stop() {
      if (child !== undefined) await end(child);
      child = undefined;
    },
    ask: (command, args) =>
      asking(async (control) => {
        const { result, text, arguments: said } = await control.command(command, args);
        if (result !== 0 && result !== nothingFound) throw new Error(`kea-dhcp${family} answered ${command}: ${text}`);
        return objectOf(said);
      }),
    config: () => asking(async (control) => configIn(await control.done('config-get', undefined, ''), family)),
    sinceConfigured: () =>
      asking(async (control) => {
        const { arguments: said } = await control.done('status-get', undefined, '');
        return Number((said as { reload?: unknown }).reload);
      }),
    command: (command, change) =>
      asking(async (control) => {
        const config = configIn(await control.done('config-get', undefined, ''), family);
        await control.done(command, { [`Dhcp${family}`]: change(config) }, 'The test asks for what Kea refuses.');
      }),
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
  };
}
