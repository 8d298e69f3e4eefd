import { desiredDhcp, type GatewayView, type PairingPolicy, type Withheld } from '../../projections/index.js';
import type { DhcpDriver, DhcpLease, DhcpState } from '../drivers/dhcp/dhcp.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { dhcpFirstPlanBrake, dhcpIdentityBrake, dhcpRemovalBrake, wordsToEndDhcp } from './dhcp-brakes.js';
import { heldDhcpLines } from './dhcp-lines.js';
import { type DhcpLine, type DhcpPlan, doableDhcp, planDhcp, servable, type WantedHosts } from './dhcp-plan.js';
import { type DhcpStatus, servedHosts, startingDhcp } from './dhcp-status.js';
import type { DeviceMode } from './device-status.js';
import { firstOf } from './first-of.js';
import type { ReactorAlerts } from './gateway.reactor.js';
import { LeaseEnds } from './lease-ends.js';
import {
  explained,
  type PartBrakes,
  type PartHands,
  type PartKnowledge,
  PartlyFailed,
  type PartSight,
} from './part-hands.js';
import type { ServedDevice } from './served-device.js';

export interface DhcpHandsOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  readonly view: GatewayView;
  readonly pairing: PairingPolicy;
  readonly dhcp: DhcpDriver;
  readonly served: () => Promise<ServedDevice>;
  readonly liveMap: LiveMap;
  readonly alerts: ReactorAlerts;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** What one look at the daemons saw, and what is to be done about it. */
export interface DhcpSight extends PartSight<DhcpPlan> {
  readonly state: DhcpState;
  readonly under: DeviceStamp | undefined;
  readonly wanted: WantedHosts;
  readonly withheld: readonly Withheld[];
}

/** The DHCP daemons of one device, in the hands of the reactor of a part. */
export class DhcpHands implements PartHands<DhcpLine, DhcpPlan, DhcpSight, DhcpStatus> {
  readonly part = 'dhcp';
  readonly called = 'DHCP';
  readonly hintFreesLines = false;
  readonly starting: DhcpStatus;
  private readonly ends: LeaseEnds;
  /** Families of which an engine that ended in the middle may have left something unsaved. */
  private readonly unsaved = new Set<4 | 6>();

  constructor(private readonly options: DhcpHandsOptions) {
    const { device, mode, dhcp, now } = options;
    this.starting = startingDhcp(device, mode, dhcp.families);
    this.ends = new LeaseEnds(now);
  }

  nextDueMs(): number | undefined {
    return this.ends.nextDueMs();
  }

  interrupted(): void {
    for (const family of this.options.dhcp.families) this.unsaved.add(family);
  }

  async look(known: PartKnowledge): Promise<DhcpSight> {
    const { dhcp, liveMap, view, pairing, served } = this.options;
    const [read, under] = await Promise.all([dhcp.read(), served()]);
    const state = this.doubting(read);
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredDhcp(liveMap.map, view, pairing);
    const hosts = desired.hosts.filter((host) => dhcp.interfaces.includes(host.interface));
    const wanted = servable(hosts, under.interfaces, dhcp.families);
    const found = planDhcp(wanted, state);
    const plan = { ...found, lines: found.lines.map((line) => this.explained(line, known)) };
    const unread = new Map([...read.unreadable].map(([family, error]) => [keyOfFamily(family), error]));
    const withheld = [...desired.withheld, ...wanted.withheld];
    return { state, unread, under: under.stamp, log, wanted, withheld, plan };
  }

  brakes({ plan, log, state, under }: DhcpSight): PartBrakes {
    return {
      identity: dhcpIdentityBrake(log, state, under),
      firstPlan: dhcpFirstPlanBrake(plan, state),
      tooMuch: dhcpRemovalBrake(plan, state),
      words: wordsToEndDhcp(this.options.device, plan),
    };
  }

  doable({ plan }: DhcpSight, known: PartKnowledge, approved: boolean): DhcpPlan {
    return doableDhcp(
      plan,
      (family) => approved || !known.isWaiting(keyOfFamily(family)),
      (lease) => this.ends.may(placeOf(lease)),
    );
  }

  async push({ wanted, log, state }: DhcpSight, plan: DhcpPlan): Promise<void> {
    const failures = new Map<string, Error>();
    const pushed = this.options.dhcp.families
      .filter((family) => !state.unreadable.has(family))
      .map(async (family) => {
        const ofFamily = plan.lines.filter((line) => line.family === family);
        const isWhole = plan.lines.length === 0 || ofFamily.some(({ why }) => why !== 'lease');
        if (!isWhole && ofFamily.length === 0) return;
        const hosts = family === 4 ? { hosts4: wanted.hosts4 } : { hosts6: wanted.hosts6 };
        const endLeases = plan.leases.filter((lease) => lease.family === family);
        try {
          await this.options.dhcp.apply({ ...(isWhole ? hosts : {}), endLeases }, log);
          if (isWhole) this.unsaved.delete(family);
        } catch (error) {
          failures.set(keyOfFamily(family), error instanceof Error ? error : new Error(String(error)));
        }
      });
    await Promise.all(pushed);
    for (const place of new Set(plan.leases.map(placeOf))) this.ends.count(place);
    if (failures.size > 0) throw new PartlyFailed(failures);
  }

  held({ state }: DhcpSight): ReadonlySet<string> {
    return heldDhcpLines(state);
  }

  keyOf({ family }: DhcpLine): string {
    return keyOfFamily(family);
  }

  shown({ state, wanted, withheld, plan }: DhcpSight, known: PartKnowledge): Partial<DhcpStatus> {
    this.tellIncomplete(withheld, plan, known);
    return { hosts: servedHosts(state, wanted), withheld };
  }

  private doubting({ v4, v6, ...rest }: DhcpState): DhcpState {
    return {
      ...rest,
      v4: v4 && { ...v4, saved: v4.saved && !this.unsaved.has(4) },
      v6: v6 && { ...v6, saved: v6.saved && !this.unsaved.has(6) },
    };
  }

  /** Whose it was, the journal knows; why a lease is ended, only the daemon does. */
  private explained(line: DhcpLine, known: PartKnowledge): DhcpLine {
    if (line.why === 'lease') return line;
    const serverId = line.serverId ?? known.confirmed.get(line.line)?.serverId;
    return explained(line, { serverId, takesAway: line.change === 'remove' }, known, this.options.liveMap.map);
  }

  /** What was sold and is not handed out, or is handed out by a daemon that nobody can reach. */
  private tellIncomplete(withheld: readonly Withheld[], { lines }: DhcpPlan, known: PartKnowledge): void {
    const { alerts, device } = this.options;
    const deaf = lines.filter(
      ({ why, line, family }) =>
        why === 'socket' && (known.confirmed.has(line) || known.isWaiting(keyOfFamily(family))),
    );
    const unending = lines.some(({ why }) => why === 'lease') && this.ends.nextDueMs() !== undefined;
    const told = firstOf([
      ...withheld.map(({ serverId, what, reason }) => `${serverId}: ${what}: ${reason}`),
      ...deaf.map(({ line }) => `no open socket: ${line}; look into the daemon's log for why`),
      ...(unending
        ? ['a machine changes its identity again and again; its leases are left alone for some minutes']
        : []),
    ]);
    if (told === undefined) alerts.clear('dhcp-incomplete', device);
    else alerts.raise('dhcp-incomplete', device, told);
  }
}

const keyOfFamily = (family: 4 | 6): string => `dhcp${family}`;
const placeOf = ({ family, vlan }: DhcpLease): string => `${family} ${vlan}`;
