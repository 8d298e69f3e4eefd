import { type MacAddress, macBytes, parseIp, parseMac } from '../../events/index.js';
import type { NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { type BoxInterface, networkOf } from '../support/eapi/eos-box.js';
import type { HeldEntry, Mend, SwitchHarness } from './switch-driver.harness.js';

/** A simulated switch at whose terminal lines are typed. */
export interface TypedBox {
  readonly interfaces: Map<string, BoxInterface>;
  lockedBy: string | undefined;
  type(line: string): void;
  reboot(): void;
}

/** How a box misbehaves at a command. */
type Fault = 'hang' | 'lie' | 'reset-before' | 'reset-after';

export interface TypedBoxOptions {
  readonly box: TypedBox;
  /** The VRF its VLAN interfaces stand in. */
  readonly vrf: string;
  /** The line somebody types for an entry; in the VRF of its interface where none is named. */
  readonly typed: (entry: NeighbourEntry, vrf?: string) => string;
  readonly misbehave: (how: (command: string) => Fault | undefined) => void;
  /** Commands that a box which lies carries out all the same: those that only show. */
  readonly shows: RegExp;
}

type Hands = Required<
  Omit<SwitchHarness, 'patienceMs' | 'driver' | 'deadline' | 'interfaces' | 'inspect' | 'restarted' | 'close'>
>;

/** Host routes lead to these addresses on the second interface; the network of the first holds all others. */
const onSecond = [17, 90, ...Array.from({ length: 30 }, (_, index) => 102 + 2 * index)];

/** Two VLAN interfaces without carrier, a loopback, and a port with carrier, without which the box would be alone. */
export function boxInterfaces(vrf: string, portName: string): Map<string, BoxInterface> {
  const port = (more: Partial<BoxInterface>): BoxInterface => {
    return { adminUp: true, plugged: false, vrf: 'default', ipv4: [], routes: [], ipv6: [], ...more };
  };
  const routes = onSecond.map((last) => `198.51.100.${last}/32`);
  return new Map([
    ['Vlan11', port({ vrf, ipv4: ['198.51.100.1/24'], ipv6: ['fe80::1'] })],
    ['Vlan16', port({ vrf, ipv4: ['203.0.113.1/24'], routes, ipv6: ['fe80::1'] })],
    [portName, port({ plugged: true })],
    ['Loopback0', port({ plugged: true, ipv4: ['192.0.2.1/32'] })],
  ]);
}

/** What somebody does at the box, and what befalls it, without the driver. */
export function handsOn({ box, vrf, typed, misbehave, shows }: TypedBoxOptions): Hands {
  const portOf = (name: string): BoxInterface => box.interfaces.get(name) ?? fail(name);
  const mend: Mend = () => Promise.resolve(misbehave(() => undefined));
  const type = (line: string): Promise<void> => Promise.resolve(box.type(line));
  return {
    // Whoever types an entry also sees to the route that leads there.
    handSet: (entry) => {
      const route = `${entry.address}/32`;
      if (!entry.address.includes(':') && networkOf(box.interfaces, vrf, entry.address) !== entry.interface)
        for (const [name, one] of box.interfaces)
          one.routes = [...one.routes.filter((other) => other !== route), ...(name === entry.interface ? [route] : [])];
      return type(typed(entry));
    },
    handRemove: (entry) => type(`no ${typed(entry)}`),
    handSetInDefaultVrf: (entry) => type(typed(entry, 'default')),
    setCarrier: (name, up) => Promise.resolve(void (portOf(name).plugged = up)),
    setAdmin: (name, up) => Promise.resolve(void (portOf(name).adminUp = up)),
    reboot: () => Promise.resolve(box.reboot()),
    hang: () => {
      misbehave(() => 'hang');
      return Promise.resolve(mend);
    },
    lie: () => {
      misbehave((command) => (shows.test(command) ? undefined : 'lie'));
      return Promise.resolve(mend);
    },
    lock: () => {
      box.lockedBy = 'ops';
      return Promise.resolve(() => Promise.resolve(void (box.lockedBy = undefined)));
    },
    dieAfter: (changes) => {
      let left = changes;
      misbehave((command) => {
        if (left <= 0) return 'reset-before';
        if (/^(?:no )?(?:arp|ipv6 neighbor) /.test(command)) left--;
        return left > 0 ? undefined : 'reset-after';
      });
      return Promise.resolve(() => (box.reboot(), mend()));
    },
  };
}

/** As such boxes spell it: `5254.0000.0016`. */
export function dotted(mac: MacAddress): string {
  const digits = macBytes(mac)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${digits.slice(0, 4)}.${digits.slice(4, 8)}.${digits.slice(8)}`;
}

/** An entry as the box shows it. */
export interface BoxRow {
  readonly interface: string;
  readonly address: string;
  readonly mac: string;
  readonly vrf: string;
}

/** Those on VLAN interfaces, as the suite spells them. */
export function heldIn(rows: readonly BoxRow[]): HeldEntry[] {
  return rows
    .filter((row) => row.interface.startsWith('Vlan'))
    .map((row) => ({ ...entryOf(row), ...(row.vrf === 'default' ? {} : { vrf: row.vrf }) }));
}

function entryOf(row: BoxRow): NeighbourEntry {
  const [address, mac] = [parseIp(row.address), parseMac(row.mac)];
  if (address === undefined || mac === undefined) throw new Error(`the box resolves ${row.address} to ${row.mac}`);
  return { interface: row.interface, address, mac };
}

function fail(name: string): never {
  throw new RangeError(`the box has no interface ${name}`);
}
