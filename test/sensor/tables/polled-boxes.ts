import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EapiClient } from '../../../src/transports/eapi-client.js';
import { SshConnection } from '../../../src/transports/ssh-connection.js';
import { eosTableReader } from '../../../src/sensor/tables/eos.table-reader.js';
import { iosTableReader } from '../../../src/sensor/tables/ios.table-reader.js';
import type { TableReader } from '../../../src/sensor/tables/table-reader.js';
import { EapiServer } from '../../support/eapi/eapi-server.js';
import { type BoxInterface, EosBox } from '../../support/eapi/eos-box.js';
import { IosBox } from '../../support/ios/ios-box.js';
import { IosShell, type IosShellOptions } from '../../support/ios/ios-shell.js';
import { startSshHost } from '../../support/ssh-host.js';

const port = (more: Partial<BoxInterface>): BoxInterface => {
  return { adminUp: true, plugged: true, vrf: 'default', ipv4: [], routes: [], ipv6: [], ...more };
};
const interfaces = (): Map<string, BoxInterface> =>
  new Map([
    ['Vlan11', port({ ipv4: ['198.51.100.1/24'], ipv6: ['fe80::1'] })],
    ['Vlan12', port({ vrf: 'red', ipv4: ['203.0.113.1/24'], ipv6: ['fe80::1'] })],
  ]);

function passwordIn(password: string): { readonly file: string; readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-tables-'));
  const file = join(directory, 'password');
  writeFileSync(file, password, { mode: 0o600 });
  return { file, directory };
}

/** A simulated box and a reader that asks it over its real protocol. */
export interface PolledBox<Box> {
  readonly box: Box;
  readonly reader: TableReader;
  /** From now on every command is refused, or answered again. */
  readonly refuse: (isRefusing: boolean) => void;
  /** Answers nobody any more. */
  readonly vanish: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function polledEos(): Promise<PolledBox<EosBox>> {
  const box = new EosBox(interfaces());
  const server = await EapiServer.start(box);
  const { file, directory } = passwordIn(server.password);
  const where = { host: '127.0.0.1', port: server.port, username: server.username, passwordFile: file };
  const eapi = new EapiClient({ ...where, pin: { fingerprint: server.fingerprint }, deadline: 5000 });
  return {
    box,
    reader: eosTableReader('leaf1', eapi),
    refuse: (isRefusing) => (server.misbehave = () => (isRefusing ? 'refuse' : undefined)),
    vanish: () => server.close(),
    close: async () => {
      await server.close().catch(() => undefined);
      rmSync(directory, { recursive: true });
    },
  };
}

export async function polledIos(vrf?: string): Promise<PolledBox<IosBox>> {
  const box = new IosBox(interfaces());
  let isRefusing = false;
  const misbehave: IosShellOptions['misbehave'] = (command) =>
    isRefusing && command.startsWith('show') ? 'refuse' : undefined;
  const habits = { banner: '\n', silent: false, sign: '#' as const, pagesAlways: true };
  const [username, password] = ['portledger', 'a password of the tests'];
  const onShell = (channel: ConstructorParameters<typeof IosShell>[0]): void =>
    void new IosShell(channel, { ...habits, box, user: username, misbehave });
  const host = await startSshHost({ username, password, onShell });
  const { file, directory } = passwordIn(password);
  const target = { host: '127.0.0.1', port: host.port, username, hostKeys: [host.hostKey], passwordFile: file };
  return {
    box,
    reader: iosTableReader('leaf1', new SshConnection({ ...target, connectDeadline: 5000 }), vrf),
    refuse: (now) => void (isRefusing = now),
    vanish: () => host.close(),
    close: async () => {
      await host.close();
      rmSync(directory, { recursive: true });
    },
  };
}
