import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { PortLink } from '../../src/control/device-registry.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { searchPath } from './lab-needs.js';
import { type Sshd, startSshd } from './sshd.js';

const port = 'leaf1:Ethernet16' as PortId;

describeLab('the links of a box that is reached over SSH', () => {
  let lab: Lab;
  let sshd: Sshd;
  let engine: RunningEngine;

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    const directory = join(lab.directory, 'ssh');
    mkdirSync(directory);
    sshd = await startSshd(lab.sw, directory, searchPath);
    chmodSync(sshd.privateKeyFile, 0o600);
    const device = {
      name: 'leaf1',
      interfacePattern: 'vlan{vlan}',
      ports: { [port]: 'vlan16' },
      driver: {
        kind: 'linux',
        host: '127.0.0.1',
        port: sshd.port,
        username: 'root',
        hostKeys: [sshd.hostKey],
        privateKeyFile: sshd.privateKeyFile,
      },
    };
    const { gateways } = parseConfig({ gateways: [{ switch: 'leaf1', devices: [device] }] }, join(directory, 'x.json'));
    engine = await RunningEngine.start(lab.directory, { gateways });
  });
  afterAll(async () => {
    await engine.stop();
    await sshd.close();
    await lab.close();
  });

  const stored = async (): Promise<string> =>
    (await engine.parts.store.readStream(`port-${port}`)).events.map(({ type }) => type).join();
  async function shown(): Promise<PortLink | undefined> {
    const headers = { authorization: `Bearer ${engine.tokens.viewer}` };
    const { body } = await engine.call('/v1/devices/leaf1', { headers });
    return (body['links'] as PortLink[])[0];
  }

  it('are read at the start and as soon as they change', async () => {
    await until('the link is stored as down', async () => (await stored()) === 'LinkDown');
    await lab.setCarrier('vlan16', true);
    await until('the link is stored as up', async () => (await stored()) === 'LinkDown,LinkUp');
    expect(await shown()).toEqual({ port, up: true, stale: [] });
  });

  it('keep their last state while the box cannot be reached, are shown as stale, and are put right afterwards', async () => {
    sshd.cut();
    await lab.setCarrier('vlan16', false);
    await until('the link is shown as stale', async () => (await shown())?.stale[0]?.device === 'leaf1', 60_000);
    expect(await stored()).toBe('LinkDown,LinkUp');
    expect(engine.parts.alerts.current().map(({ code }) => code)).toContain('links-unreadable');
    sshd.mend();
    await until('the link is stored as down', async () => (await stored()) === 'LinkDown,LinkUp,LinkDown', 60_000);
    await until('the link is no longer stale', async () => (await shown())?.stale.length === 0, 60_000);
  });
});
