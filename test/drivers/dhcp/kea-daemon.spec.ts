import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { KeaConfig } from '../../../src/drivers/dhcp/kea-config.js';
import { KeaControl } from '../../../src/drivers/dhcp/kea-control.js';
import { KeaDaemon } from '../../../src/drivers/dhcp/kea-daemon.js';
import { tempDirectory } from '../../support/temp-directory.js';

const stamp = { logId: '00000000-0000-4000-8000-000000000000', ordinal: 7 };

/** What stands behind a control socket: a configuration, and what it says of when it got it. */
class ToldDaemon {
  config: Record<string, unknown> = { 'valid-lifetime': 600 };
  /** Whole seconds since its latest configuration, as it says. */
  reload = 0;
  asked: string[] = [];

  answer(text: string): string {
    const { command, arguments: said } = JSON.parse(text) as { command: string; arguments?: { Dhcp4?: object } };
    this.asked.push(command);
    if (command === 'status-get') return JSON.stringify({ result: 0, arguments: { pid: 1, reload: this.reload } });
    if (command === 'config-get') return JSON.stringify({ result: 0, arguments: { Dhcp4: this.config } });
    if (command === 'lease4-get-all') return JSON.stringify({ result: 3 });
    if (command === 'config-set') this.config = { ...said?.Dhcp4 };
    return JSON.stringify({ result: 0, text: 'done' });
  }
}

describe('a push to a daemon of Kea', () => {
  const path = join(tempDirectory(), 'control.sock');
  let told: ToldDaemon;
  let server: Server;
  let daemon: KeaDaemon<{ readonly interface: string }>;
  beforeEach(async () => {
    told = new ToldDaemon();
    server = createServer((socket) => socket.once('data', (chunk: Buffer) => socket.end(told.answer(String(chunk)))));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const control = new KeaControl('leaf1', 'kea-dhcp4', path, 5_000);
    daemon = new KeaDaemon(control, 'Dhcp4', KeaConfig.of4(new Set(['vlan11']), []));
    await daemon.seen(4);
    told.asked = [];
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('keeps what an operator set a moment ago, though the daemon says that a second has passed', async () => {
    told.config = { ...told.config, 'renew-timer': 77 };
    told.reload = 1;
    await daemon.push([], stamp);
    expect(told.config).toMatchObject({ 'renew-timer': 77, 'valid-lifetime': 600 });
  });

  it('takes what was read last where the daemon had it for longer than that, and reads nothing again', async () => {
    told.reload = 60;
    await daemon.push([], stamp);
    expect(told.asked).toEqual(['status-get', 'config-test', 'config-set', 'config-write']);
    expect(told.config).toMatchObject({ 'valid-lifetime': 600 });
  });
});
