import assert from 'node:assert/strict';
import type { Ipv6Prefix, MacAddress } from '../../events/index.js';
import type { DhcpDriver, DhcpHost4, DhcpHost6, DhcpLease, DhcpState } from '../../src/drivers/dhcp/dhcp.port.js';
import { DeviceError, type DeviceErrorCode, type DeviceStamp } from '../../src/drivers/switch/switch.port.js';

/** A DHCP driver on daemons that a check may put its hands on. They start without anything of ours. */
export interface DhcpHarness {
  readonly driver: DhcpDriver;
  /** Two machines on two interfaces that are up. */
  readonly hosts4: readonly [DhcpHost4, DhcpHost4];
  /** The same two; each with an address and a prefix. */
  readonly hosts6: readonly [DhcpHost6, DhcpHost6];
  /** How long a hint may take, in ms. */
  readonly patienceMs: number;
  /** What the daemons say that they hand out, read without the driver, as `spellings` spells it. */
  serves(): Promise<readonly string[]>;
  /** The IPv4 address that the machine at an interface is given when it asks. */
  machineGets(interfaceName: string): Promise<string | undefined>;
  /** A machine takes what it is handed out; its place is served. */
  lease(lease: DhcpLease): Promise<void>;
  /** What is leased, read without the driver: `4 198.51.100.16`, `6 2001:db8:16::/48`. */
  leases(): Promise<readonly string[]>;
  /** From now on a socket can be opened at an interface, or no longer can. */
  setHearing(interfaceName: string, hearing: boolean): Promise<void>;
  /** A daemon is ended, or started again with what it saved. */
  setRunning(family: 4 | 6, running: boolean): Promise<void>;
  /** From now on a daemon refuses what `hosts4[1]` or `hosts6[1]` is handed out, or no longer does. */
  setRefusing(family: 4 | 6, refusing: boolean): Promise<void>;
  /** From now on a daemon cannot save what it runs with, or can again. */
  setSavable(family: 4 | 6, savable: boolean): Promise<void>;
  /** Somebody changes by hand what an interface is handed out. */
  alter(family: 4 | 6, interfaceName: string): Promise<void>;
  /** Looks at what the daemons would start with; what is given puts exactly that back. */
  saved(): Promise<() => Promise<void>>;
  /** A driver of a new process on the same daemons. */
  restarted(): DhcpDriver;
}

/** One promise. */
export interface DhcpCheck {
  readonly name: string;
  readonly run: (harness: DhcpHarness) => Promise<void>;
}

const logId = '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11';
const stamp = (ordinal: number): DeviceStamp => ({ logId, ordinal });

/** What a machine is handed out over DHCPv4, and by what it is known. */
export const spelling4 = ({ interface: name, mac, address, routers }: DhcpHost4): string =>
  `4 ${name} ${mac} ${address} by ${routers.join(' ')}`;
/** What it is handed out over DHCPv6, a line each. */
export const spellings6 = ({ interface: name, mac, linkLocal, address, prefixes }: DhcpHost6): string[] =>
  [...(address === undefined ? [] : [address]), ...prefixes].map((what) => `6 ${name} ${mac} ${linkLocal} ${what}`);

const leaseSpelling = ({ family, address, prefixLength }: DhcpLease): string =>
  `${family} ${address}${prefixLength === undefined ? '' : `/${prefixLength}`}`;

type Both = { readonly hosts4: readonly DhcpHost4[]; readonly hosts6: readonly DhcpHost6[] };

/** The daemons hand out exactly these, and the driver says the same. */
async function expectServed(
  harness: DhcpHarness,
  { hosts4, hosts6 }: Both,
  driver = harness.driver,
): Promise<DhcpState> {
  const wanted = [...hosts4.map(spelling4), ...hosts6.flatMap(spellings6)].sort();
  assert.deepEqual([...(await harness.serves())].sort(), wanted, 'what the daemons hand out');
  const state = await driver.read();
  assert.deepEqual(state.v4?.hosts, new Map(hosts4.map((host) => [host.interface, host])), 'DHCPv4 as it is read');
  assert.deepEqual(state.v6?.hosts, new Map(hosts6.map((host) => [host.interface, host])), 'DHCPv6 as it is read');
  for (const { altered, settings } of [state.v4, state.v6].flatMap((one) => one ?? []))
    assert.deepEqual([[...altered], settings], [[], 'intact']);
  return state;
}

const names = (hosts: readonly { readonly interface: string }[]): string[] =>
  hosts.map((host) => host.interface).sort();

async function expectError(work: Promise<unknown>, code: DeviceErrorCode): Promise<void> {
  await assert.rejects(work, (error) => error instanceof DeviceError && error.code === code);
}

const push = ({ driver, hosts4, hosts6 }: DhcpHarness, ordinal = 1): Promise<void> =>
  driver.apply({ hosts4, hosts6, endLeases: [] }, stamp(ordinal));

/** What both machines lease: an IPv4 address each, and the first an IPv6 address and its prefix too. */
function leasesOf({ hosts4, hosts6: [first] }: DhcpHarness): DhcpLease[] {
  const { vlan, mac, address, prefixes } = first;
  const [prefix] = prefixes;
  if (address === undefined || prefix === undefined) assert.fail('the first machine has an address and a prefix');
  const [base = '', length] = prefix.split('/');
  const of6 = { family: 6 as const, vlan, mac, duid: `00:03:00:01:${mac}` };
  return [
    ...hosts4.map((host) => ({ family: 4 as const, address: host.address, vlan: host.vlan, mac: host.mac })),
    { ...of6, address },
    { ...of6, address: base as typeof address, prefixLength: Number(length) },
  ];
}

/** What every DHCP driver promises. */
export const dhcpDriverChecks: readonly DhcpCheck[] = [
  {
    name: 'reads nothing of ours in daemons that were never driven',
    async run(harness) {
      const { v4, v6, leases, refused } = await harness.driver.read();
      assert.deepEqual([v4?.hosts.size, v6?.hosts.size, v4?.stamp, v6?.stamp], [0, 0, undefined, undefined]);
      assert.deepEqual([leases, refused, await harness.serves()], [[], new Set(), []]);
    },
  },
  {
    name: 'hands out to both machines by both families, and reads it back with stamp and sockets',
    async run(harness) {
      const { hosts4, hosts6 } = harness;
      await push(harness, 41);
      const { v4, v6 } = await expectServed(harness, harness);
      for (const daemon of [v4, v6]) {
        assert.deepEqual([daemon?.stamp, daemon?.saved], [stamp(41), true]);
        assert.deepEqual([...(daemon?.listening ?? [])].sort(), names(hosts4));
      }
      for (const { interface: name, address } of hosts4) assert.equal(await harness.machineGets(name), address);
      const [bare, second] = hosts6;
      const without = [
        { ...bare, address: undefined },
        { ...second, prefixes: [] },
      ];
      await harness.driver.apply({ hosts6: without, endLeases: [] }, stamp(42));
      await expectServed(harness, { hosts4, hosts6: without });
      const several = ['2001:db8:f000::/48', '2001:db8:9::/56', '2001:db8:8000:100::/64'].map(
        (one) => one as Ipv6Prefix,
      );
      await harness.driver.apply({ hosts6: [{ ...bare, prefixes: several }], endLeases: [] }, stamp(43));
      await expectServed(harness, { hosts4, hosts6: [{ ...bare, prefixes: several }] });
    },
  },
  {
    name: 'hands out no more what is no longer wanted, and leaves the family that is not named as it is',
    async run(harness) {
      const { driver, hosts4, hosts6 } = harness;
      await push(harness);
      await driver.apply({ hosts4: [hosts4[1]], endLeases: [] }, stamp(2));
      const { v4, v6 } = await expectServed(harness, { hosts4: [hosts4[1]], hosts6 });
      assert.deepEqual([v4?.stamp, v6?.stamp], [stamp(2), stamp(1)]);
      await driver.apply({ hosts6: [], endLeases: [] }, stamp(3));
      await expectServed(harness, { hosts4: [hosts4[1]], hosts6: [] });
    },
  },
  {
    name: 'gives what a machine had to its new network card, and another address to one that was sold another',
    async run(harness) {
      const [[first4, second4], [first6, second6]] = [harness.hosts4, harness.hosts6];
      await push(harness);
      const mac = '52:54:00:00:0a:99' as MacAddress;
      const hosts4 = [
        { ...first4, mac },
        { ...second4, address: first4.address.replace(/\d+$/, '199') as typeof first4.address },
      ];
      const hosts6 = [{ ...first6, mac }, second6];
      await harness.driver.apply({ hosts4, hosts6, endLeases: [] }, stamp(2));
      await expectServed(harness, { hosts4, hosts6 });
    },
  },
  {
    name: 'takes the same set twice, in whatever order',
    async run(harness) {
      const [hosts4, hosts6] = [[...harness.hosts4].reverse(), [...harness.hosts6].reverse()];
      await push(harness);
      await harness.driver.apply({ hosts4, hosts6, endLeases: [] }, stamp(1));
      await expectServed(harness, harness);
    },
  },
  {
    name: 'reads the same after a restart of the engine',
    async run(harness) {
      await push(harness, 41);
      const { v4, v6 } = await expectServed(harness, harness, harness.restarted());
      assert.deepEqual([v4?.stamp, v6?.stamp], [stamp(41), stamp(41)]);
    },
  },
  {
    name: 'starts with what it was given last, when a daemon is started again',
    async run(harness) {
      await push(harness);
      for (const family of [4, 6] as const) {
        await harness.setRunning(family, false);
        await harness.setRunning(family, true);
      }
      const { v4, v6 } = await expectServed(harness, harness);
      assert.deepEqual([v4?.saved, v6?.saved], [true, true]);
    },
  },
  {
    name: 'says what could not be saved, serves it all the same, and saves it with the next push',
    async run(harness) {
      const { driver, hosts4, hosts6 } = harness;
      await push(harness);
      for (const family of [4, 6] as const) {
        await harness.setSavable(family, false);
        const change = family === 4 ? { hosts4: [hosts4[1]] } : { hosts6: [hosts6[1]] };
        await expectError(driver.apply({ ...change, endLeases: [] }, stamp(2)), 'refused');
        const state = await driver.read();
        assert.equal((family === 4 ? state.v4 : state.v6)?.saved, false);
        await harness.setSavable(family, true);
      }
      await expectServed(harness, { hosts4: [hosts4[1]], hosts6: [hosts6[1]] });
      await push(harness, 3);
      const { v4, v6 } = await expectServed(harness, harness);
      assert.deepEqual([v4?.saved, v6?.saved], [true, true]);
    },
  },
  {
    name: 'says that it listens only where a socket stands open',
    async run(harness) {
      const { hosts4, driver } = harness;
      const [deaf, hearing] = [hosts4[1].interface, hosts4[0].interface];
      const listening = async (): Promise<string[][]> => {
        const { v4, v6 } = await driver.read();
        return [v4, v6].map((daemon) => [...(daemon?.listening ?? [])].sort());
      };
      await harness.setHearing(deaf, false);
      await push(harness);
      assert.deepEqual(await listening(), [[hearing], [hearing]]);
      await harness.setHearing(deaf, true);
      await push(harness);
      assert.deepEqual(await listening(), [names(hosts4), names(hosts4)]);
    },
  },
  {
    name: 'reads whose the leases are, and ends exactly those it is told to',
    async run(harness) {
      const { driver } = harness;
      await push(harness);
      assert.deepEqual(await harness.leases(), []);
      const all = leasesOf(harness);
      for (const lease of all) await harness.lease(lease);
      const sorted = (leases: readonly DhcpLease[]): DhcpLease[] =>
        leases.toSorted((a, b) => leaseSpelling(a).localeCompare(leaseSpelling(b)));
      const left = [...all];
      for (const lease of all) {
        assert.deepEqual(sorted((await driver.read()).leases), sorted(left));
        await driver.apply({ endLeases: [lease] }, stamp(2));
        left.shift();
        assert.deepEqual([...(await harness.leases())].sort(), left.map(leaseSpelling).sort(), 'what is leased');
      }
      await driver.apply({ endLeases: all }, stamp(2)); // what has ended meanwhile is no error
      await expectServed(harness, harness);
    },
  },
  {
    name: 'refuses what no host can be, and changes nothing',
    async run(harness) {
      const [[first4, second4], [first6, second6]] = [harness.hosts4, harness.hosts6];
      const { driver } = harness;
      const before = { hosts4: [first4], hosts6: [first6] };
      await driver.apply({ ...before, endLeases: [] }, stamp(1));
      const odd4: DhcpHost4[] = [
        { ...second4, interface: 'eth9' },
        { ...second4, address: '198.51.100.300' as typeof second4.address },
        { ...second4, mac: '52:54:00:00:00' as MacAddress },
        { ...second4, routers: ['198.51.100.1", "x": "' as typeof second4.address] },
        { ...second4, address: first4.address },
      ];
      for (const odd of odd4)
        await expectError(driver.apply({ hosts4: [first4, odd], endLeases: [] }, stamp(2)), 'refused');
      const odd6: DhcpHost6[] = [
        { ...second6, interface: "vlan1' or true" },
        { ...second6, linkLocal: "fe80::1 or '' == ''" as typeof second6.linkLocal },
        { ...second6, prefixes: ['2001:db8::1/48' as (typeof second6.prefixes)[number]] },
        { ...second6, prefixes: first6.prefixes },
      ];
      for (const odd of odd6)
        await expectError(driver.apply({ hosts6: [first6, odd], endLeases: [] }, stamp(2)), 'refused');
      const { v4, v6 } = await expectServed(harness, before);
      assert.deepEqual([v4?.stamp, v6?.stamp], [stamp(1), stamp(1)]);
    },
  },
  {
    name: 'says which daemon does not run, changes nothing there, and goes on with the other one',
    async run(harness) {
      const { driver, hosts4, hosts6 } = harness;
      const [all4] = leasesOf(harness);
      if (all4 === undefined) assert.fail('the first machine has an address');
      for (const family of [4, 6] as const) {
        await push(harness, 1);
        if (family === 4) await harness.lease(all4);
        await harness.setRunning(family, false);
        const down = await driver.read();
        const [dead, alive] = family === 4 ? [down.v4, down.v6] : [down.v6, down.v4];
        assert.deepEqual([[...down.unreadable.keys()], dead, alive?.hosts.size], [[family], undefined, 2]);
        assert.deepEqual(
          [...down.unreadable.values()].map(({ code }) => code),
          ['unreachable'],
        );
        assert.equal(down.leases.length, family === 4 ? 0 : 1);
        const change = { hosts4: [hosts4[1]], hosts6: [hosts6[1]], endLeases: [all4] };
        await expectError(driver.apply(change, stamp(2)), 'unreachable');
        await harness.setRunning(family, true);
        const served = family === 4 ? { hosts4, hosts6: [hosts6[1]] } : { hosts4: [hosts4[1]], hosts6 };
        const { unreadable } = await expectServed(harness, served);
        assert.equal(unreadable.size, 0);
        assert.equal((await harness.leases()).length, family === 4 ? 1 : 0);
      }
    },
  },
  {
    name: 'says what a daemon refuses, leaves what was there with its sockets open, and goes on when it takes it again',
    async run(harness) {
      const { driver, hosts4, hosts6 } = harness;
      const before = { hosts4: [hosts4[0]], hosts6: [hosts6[0]] };
      await driver.apply({ ...before, endLeases: [] }, stamp(1));
      for (const family of [4, 6] as const) {
        await harness.setRefusing(family, true);
        await expectError(driver.apply({ hosts4, hosts6, endLeases: [] }, stamp(2)), 'refused');
        await harness.setRefusing(family, false);
        const { v4, v6 } = await expectServed(harness, family === 4 ? { ...before, hosts6 } : { ...before, hosts4 });
        const refused = family === 4 ? v4 : v6;
        assert.deepEqual([refused?.stamp, [...(refused?.listening ?? [])]], [stamp(1), [hosts4[0].interface]]);
        await driver.apply({ ...before, endLeases: [] }, stamp(1));
      }
      await push(harness, 3);
      await expectServed(harness, harness);
    },
  },
  {
    name: 'sees what somebody changed by hand, and puts it back with the next push',
    async run(harness) {
      const { driver, hosts4, hosts6 } = harness;
      await push(harness);
      for (const [family, { interface: name }] of [
        [4, hosts4[1]],
        [6, hosts6[0]],
      ] as const) {
        await harness.alter(family, name);
        const state = await driver.read();
        const daemon = family === 4 ? state.v4 : state.v6;
        assert.deepEqual([[...(daemon?.altered ?? [])], daemon?.hosts.has(name)], [[name], false]);
      }
      await push(harness);
      await expectServed(harness, harness);
    },
  },
  {
    name: 'calls back when a daemon was gone',
    async run(harness) {
      await push(harness);
      let hints = 0;
      harness.driver.watch(() => void hints++);
      const give = performance.now() + harness.patienceMs;
      // Nobody sees when it looks for the first time; what was gone before then is no change.
      while (hints === 0) {
        if (performance.now() > give) assert.fail('waited in vain to be called back');
        await harness.setRunning(6, false);
        await harness.setRunning(6, true);
      }
      await expectServed(harness, harness);
    },
  },
];
