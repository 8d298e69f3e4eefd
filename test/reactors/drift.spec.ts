import type { IpAddress, MacAddress } from '../../events/index.js';
import { adopt } from '../../src/reactors/adoption.js';
import { tempDirectory } from '../support/temp-directory.js';
import {
  applied,
  declareGateway,
  type Heart,
  journalOf,
  sellServer,
  simulatedDevices,
  startHeart,
  world,
} from './reactor-bench.js';

const entry = {
  interface: 'vlan16',
  address: '198.51.100.16' as IpAddress,
  mac: '52:54:00:00:00:16' as MacAddress,
};
const line = 'neighbour 198.51.100.16 vlan16 52:54:00:00:00:16';

describe('drift', () => {
  const directory = tempDirectory();
  let round = 0;
  let path = '';
  let heart: Heart;
  let devices: ReturnType<typeof simulatedDevices>;

  beforeEach(async () => {
    devices = simulatedDevices();
    path = `${directory}/${round++}`;
    heart = await startHeart(path, devices);
    await declareGateway(heart);
    await sellServer(heart, 16);
    await heart.reactor.reconcile();
  });
  afterEach(() => heart.stop());

  async function restart(mode: 'observe' | 'propose' | 'enforce'): Promise<void> {
    await heart.stop();
    heart = await startHeart(path, devices, mode);
  }

  it('is repaired in mode enforce, and stands in the journal as drift', async () => {
    devices.device.handRemove(entry);
    expect((await heart.reactor.reconcile()).state).toBe('equal');
    expect(devices.device.entries()).toHaveLength(2);
    expect((await journalOf(heart.store)).at(-1)?.data['lines']).toMatchObject([{ line, cause: 'drift' }]);
    expect(heart.alerts.size).toBe(0);
  });

  it.each(['observe', 'propose'] as const)(
    'is shown with its age and alerted in mode %s, and not repaired',
    async (mode) => {
      await restart(mode);
      await heart.reactor.reconcile();
      devices.device.handRemove(entry);
      const [first] = (await heart.reactor.reconcile()).plan;
      expect(first).toMatchObject({ line, because: 'drift', driftSince: expect.stringMatching(/Z$/) as string });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const [again] = (await heart.reactor.reconcile()).plan;
      expect(again?.driftSince).toBe(first?.driftSince);
      expect(heart.alerts.get('device-drift')).toContain(
        `1 lines changed without us, the first since ${first?.driftSince}`,
      );
      expect(devices.device.entries()).toHaveLength(1);
      if (mode === 'propose') {
        await applied(heart);
        expect(heart.alerts.has('device-drift')).toBe(false);
      }
    },
  );

  it('that somebody else writes again and again is not fought without end: it is damped, alerted, and other work goes on', async () => {
    let repairs = 0;
    for (let attempt = 0; attempt < 30; attempt++) {
      devices.device.handRemove(entry);
      await heart.reactor.reconcile();
      if (devices.device.entries().length === 2) repairs++;
      heart.skip(1_000);
    }
    expect(repairs).toBe(4);
    expect(heart.alerts.get('drift-war')).toContain(line);
    expect(heart.reactor.status.plan).toMatchObject([
      { line, waits: expect.stringContaining('somebody else') as string },
    ]);
    expect(heart.reactor.nextDueMs()).toBeLessThanOrEqual(300_000);
    await sellServer(heart, 11);
    await heart.reactor.reconcile();
    expect((await world(devices)).filter((one) => one.includes('vlan11'))).toHaveLength(2);
    heart.skip(300_000);
    await heart.reactor.reconcile();
    expect(devices.device.entries()).toHaveLength(4);
    heart.skip(600_000);
    await heart.reactor.reconcile();
    expect(heart.alerts.size).toBe(0);
  });

  it('repairs a line at once that drifts now and then', async () => {
    for (let attempt = 0; attempt < 10; attempt++) {
      devices.device.handRemove(entry);
      await heart.reactor.reconcile();
      expect(devices.device.entries()).toHaveLength(2);
      heart.skip(6 * 60_000);
    }
    expect(heart.alerts.size).toBe(0);
  });

  it('shows what carries our mark and is granted to nobody, with whom it was for and since when', async () => {
    await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-02-01T00:00:00Z');
    await heart.reactor.reconcile();
    expect(devices.device.entries()).toEqual([]);
    await restart('propose');
    const stray = { ...entry, address: '198.51.100.77' as IpAddress };
    await devices.device.apply([entry, stray].map((one) => ({ change: 'set' as const, entry: one })));
    const { plan } = await heart.reactor.reconcile();
    const confirmedAt = expect.stringMatching(/Z$/) as string;
    expect(plan).toMatchObject([
      {
        change: 'remove',
        line,
        because: 'drift',
        driftSince: confirmedAt,
        orphan: { previousOwner: 's16', confirmedAt },
      },
      { change: 'remove', because: 'drift', orphan: {} },
    ]);
    await applied(heart);
    expect(devices.device.entries()).toEqual([]);
  });

  it('of somebody else stays untouched until it is adopted; then it is ours, also where nobody is granted it', async () => {
    const foreign = { ...entry, address: '198.51.100.99' as IpAddress };
    devices.device.handSet(foreign);
    await heart.reactor.reconcile();
    const order = { address: foreign.address, interface: 'vlan16', by: 'tok1' };
    const words = 'adopt 198.51.100.99 on vlan16';
    for (const typed of [undefined, 'yes', 'adopt 198.51.100.16 on vlan16'])
      expect(await adopt(devices.device, heart.journal, { ...order, typed })).toEqual({
        said: 'confirmation-needed',
        words,
      });
    expect(await adopt(devices.device, heart.journal, { ...order, interface: 'vlan11', typed: words })).toEqual({
      said: 'not-found',
    });
    expect(devices.device.entries()).toContainEqual({ ...foreign, ours: false });
    devices.device.fault = 'lie';
    expect(await adopt(devices.device, heart.journal, { ...order, typed: words })).toMatchObject({ said: 'failed' });
    devices.device.fault = 'none';
    expect(await adopt(devices.device, heart.journal, { ...order, typed: words })).toMatchObject({ said: 'adopted' });
    expect((await journalOf(heart.store)).at(-1)).toMatchObject({ type: 'EntryAdopted', data: { by: 'tok1' } });
    expect((await heart.reactor.reconcile()).foreign).toEqual([]);
    expect(devices.device.entries()).toHaveLength(2);
  });
});
