import type { Ipv4Address } from '../../events/index.js';
import type { BgpDriver, BgpState, Route } from '../../src/drivers/bgp/bgp.port.js';
import { inTurn, SiteTurn } from '../../src/drivers/bgp/in-turn.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { DeviceError } from '../../src/drivers/switch/switch.port.js';

const stamp = { logId: 'a', ordinal: 1 };
const host = (number: number): Route => ({
  family: 'ipv4',
  address: `198.51.${Math.floor(number / 250)}.${(number % 250) + 1}` as Ipv4Address,
  interface: 'vlan16',
  med: 0,
});

/** A daemon with real state that needs a moment to load and to be read back. */
class SlowBgp extends SimulatedBgp {
  loads = 0;
  constructor(
    device: string,
    private readonly site: { loading: number; most: number },
    private readonly ms = 10,
  ) {
    super(device, new SimulatedSwitch({ device, interfaces: { vlan16: [] } }));
  }
  override async setRoutes(routes: readonly Route[], of: typeof stamp, _onConfirmed?: () => void): Promise<void> {
    this.loads++;
    this.site.most = Math.max(this.site.most, ++this.site.loading);
    await new Promise((resolve) => setTimeout(resolve, this.ms));
    await super.setRoutes(routes, of).finally(() => this.site.loading--);
  }
}

const pair = (ms?: number): { site: { loading: number; most: number }; slow: SlowBgp[]; drivers: BgpDriver[] } => {
  const site = { loading: 0, most: 0 };
  const turn = new SiteTurn();
  const slow = ['leaf1', 'leaf2'].map((name) => new SlowBgp(name, site, ms));
  return { site, slow, drivers: slow.map((driver) => inTurn(driver, turn)) };
};
const owned = async (driver: BgpDriver | undefined): Promise<readonly Route[]> =>
  ((await driver?.read()) as BgpState).owned;

describe('the BGP daemons of one site', () => {
  it('are never changed two at once, and each gets what was wanted of it', async () => {
    const { site, drivers } = pair();
    await Promise.all(
      [1, 2, 3].flatMap((round) => drivers.map((driver) => driver.setRoutes([host(round), host(0)], stamp))),
    );
    expect(site.most).toBe(1);
    for (const driver of drivers) expect(await owned(driver)).toEqual([host(3), host(0)]);
  });

  it('go on with the second when the first is read back, while it still waits for its disk', async () => {
    const { drivers, slow } = pair();
    const [first] = slow;
    if (first === undefined) throw new Error('there are two');
    let onDisk: () => void = () => {};
    const disk = new Promise<void>((resolve) => (onDisk = resolve));
    const load = first.setRoutes.bind(first);
    first.setRoutes = async (routes, of, onConfirmed?: () => void) => {
      await load(routes, of);
      onConfirmed?.();
      await disk;
    };
    let isWritten = false;
    const written = drivers[0]?.setRoutes([host(1)], stamp).then(() => (isWritten = true));
    await drivers[1]?.setRoutes([host(2)], stamp);
    expect(isWritten).toBe(false);
    onDisk();
    await written;
    expect(await owned(drivers[0])).toEqual([host(1)]);
  });

  it('go on with the second when the first could not be changed', async () => {
    const { slow, drivers } = pair();
    const [first] = slow;
    if (first !== undefined) first.fault = 'refuse';
    const [refused, done] = await Promise.allSettled(drivers.map((driver) => driver.setRoutes([host(1)], stamp)));
    expect([refused?.status, done?.status]).toEqual(['rejected', 'fulfilled']);
    expect(await owned(drivers[1])).toEqual([host(1)]);
  });

  it('withdraw although another one is stuck, and do not add', async () => {
    const site = { loading: 0, most: 0 };
    const turn = new SiteTurn();
    const stuck = inTurn(new SlowBgp('leaf1', site, 2_500), turn);
    const other = inTurn(new SlowBgp('leaf2', site), turn);
    await other.setRoutes([host(1), host(2)], stamp);
    let isStuck = true;
    const held = stuck.setRoutes([host(1)], stamp).finally(() => (isStuck = false));
    await other.setRoutes([host(1)], stamp);
    expect([isStuck, await owned(other)]).toEqual([true, [host(1)]]);
    const adding = other.setRoutes([host(1), host(3)], stamp);
    await adding;
    expect(isStuck).toBe(false);
    await held;
  });
});

describe('a burst of changes', () => {
  it('is one load: 1,000 of them while a load is under way lead to exactly one more, with the last of them', async () => {
    const { slow, drivers } = pair();
    const driver = drivers[0] as BgpDriver;
    const works = Array.from({ length: 1_001 }, (_, last) =>
      driver.setRoutes(
        Array.from({ length: last }, (_unused, number) => host(number)),
        stamp,
      ),
    );
    await Promise.all(works);
    expect(slow[0]?.loads).toBe(2);
    expect(await owned(driver)).toHaveLength(1_000);
  });

  it('tells all who asked what became of it', async () => {
    const { slow, drivers } = pair();
    const [first] = slow;
    const driver = drivers[0] as BgpDriver;
    const works = [1, 2, 3].map((number) => driver.setRoutes([host(number)], stamp));
    if (first !== undefined) first.fault = 'refuse';
    const settled = await Promise.allSettled(works);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const one of settled) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(DeviceError);
    if (first !== undefined) first.fault = 'none';
    await driver.setRoutes([host(9)], stamp);
    expect(await owned(driver)).toEqual([host(9)]);
  });
});
