import { networkOf, type BoxInterface } from '../eapi/eos-box.js';

interface Line {
  readonly vrf: string | undefined;
  readonly address: string;
  readonly mac: string;
  readonly interface: string | undefined;
}

/** What IOS says instead of doing it; printed as it is. */
export class IosComplaint extends Error {}

const invalid = (): IosComplaint => new IosComplaint("             ^\n% Invalid input detected at '^' marker.\n");
const macText = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/;

/** Reads `arp [vrf V] A M ARPA` and `ipv6 neighbor A I M`. Throws IosComplaint. */
export function parseIosConfigLine(line: string): Line {
  const [, vrf, ipv4, mac4] = /^arp (?:vrf (\S+) )?(\d+\.\d+\.\d+\.\d+) (\S+) arpa$/i.exec(line) ?? [];
  if (ipv4 !== undefined && mac4 !== undefined && macText.test(mac4))
    return { vrf, address: ipv4, mac: mac4, interface: undefined };
  const [, ipv6, name, mac6] = /^ipv6 neighbor ([0-9A-F:]+) ([A-Z][A-Za-z]+[\d/.]+) (\S+)$/.exec(line) ?? [];
  if (ipv6 === undefined || name === undefined || mac6 === undefined || !macText.test(mac6)) throw invalid();
  return { vrf: undefined, address: ipv6, mac: mac6, interface: name };
}

const keyOf = ({ vrf, address, interface: name }: Line): string => `${vrf ?? ''} ${address} ${name ?? ''}`;

/** A box that runs IOS, as far as static neighbour entries and the revert timer go: real state, a timer that really reverts. */
export class IosBox {
  running: ReadonlyMap<string, string> = new Map();
  startup: ReadonlyMap<string, string> = new Map();
  readonly learned: { vrf: string | undefined; address: string; mac: string; interface: string }[] = [];
  /** Which MAC was heard at which port; undefined on a router, which has no such table. */
  macs: { vlan: number; mac: string; port: string }[] | undefined;
  /** Addresses that stay out of the tables although they are configured. */
  readonly notTaken = new Set<string>();
  /** Who holds the configuration. */
  lockedBy: string | undefined;
  timer:
    | { readonly before: ReadonlyMap<string, string>; readonly user: string; readonly handle: NodeJS.Timeout }
    | undefined;

  constructor(readonly interfaces: Map<string, BoxInterface>) {}

  /** One line of configuration, which counts at once. Throws IosComplaint. */
  type(line: string): void {
    const isRemoval = line.startsWith('no ');
    const parsed = parseIosConfigLine(isRemoval ? line.slice(3) : line);
    const next = new Map(this.running);
    if (isRemoval) next.delete(keyOf(parsed));
    else next.set(keyOf(parsed), line);
    this.running = next;
  }

  lines(): Line[] {
    return [...this.running.values()].map(parseIosConfigLine);
  }

  /** The VRF an entry stands in: an IPv6 line has that of its interface. */
  vrfOf(line: Line): string {
    return line.interface === undefined
      ? (line.vrf ?? 'default')
      : (this.interfaces.get(line.interface)?.vrf ?? 'default');
  }

  resolved(): { vrf: string; address: string; mac: string; interface: string; isStatic: boolean }[] {
    const statics = this.lines().flatMap((line) => {
      const vrf = this.vrfOf(line);
      const name = line.interface ?? networkOf(this.interfaces, vrf, line.address);
      const port = name === undefined ? undefined : this.interfaces.get(name);
      const isTaken = port?.adminUp === true && port.vrf === vrf && !this.notTaken.has(line.address);
      return isTaken && name !== undefined
        ? [{ vrf, address: line.address, mac: line.mac, interface: name, isStatic: true }]
        : [];
    });
    return [...statics, ...this.learned.map((row) => ({ ...row, vrf: row.vrf ?? 'default', isStatic: false }))];
  }

  configure(user: string, revertMinutes?: number): void {
    if (this.lockedBy !== undefined)
      throw new IosComplaint(
        `Configuration mode locked exclusively by user '${this.lockedBy}' process '3' from terminal '2'. Please try later.\n`,
      );
    if (revertMinutes === undefined) return;
    if (this.timer !== undefined) throw new IosComplaint('%A Rollback Confirmed Change is already pending\n');
    const handle = setTimeout(() => this.revert(), revertMinutes * 60_000);
    this.timer = { before: this.running, user, handle };
  }

  confirm(): void {
    if (this.timer === undefined) throw new IosComplaint('%No Rollback Confirmed Change pending\n');
    clearTimeout(this.timer.handle);
    this.timer = undefined;
  }

  revert(): void {
    const { timer } = this;
    this.confirm();
    if (timer !== undefined) this.running = timer.before;
  }

  reboot(): void {
    this.close();
    this.running = this.startup;
    this.learned.length = 0;
  }

  close(): void {
    clearTimeout(this.timer?.handle);
    this.timer = undefined;
  }
}
