import { createHash, randomUUID } from 'node:crypto';
import { formatInstant, type JournalLine } from '../../events/index.js';
import { desiredDhcp, type GatewayView, type PairingPolicy, type Withheld } from '../../projections/index.js';
import type { DhcpDriver, DhcpLease, DhcpState } from '../drivers/dhcp/dhcp.port.js';
import type { DeviceStamp, InterfaceState } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { type ApplyOutcome, type Approval, Approvals, type Word } from './approval.js';
import { Backoff } from './backoff.js';
import { type Brake, freezeBrake, type LogState } from './brakes.js';
import type { DeviceMode } from './device-status.js';
import { dhcpFirstPlanBrake, dhcpIdentityBrake, dhcpRemovalBrake, wordsToEndDhcp } from './dhcp-brakes.js';
import { heldDhcpLines } from './dhcp-lines.js';
import { type DhcpLine, type DhcpPlan, doableDhcp, planDhcp, servable, type WantedHosts } from './dhcp-plan.js';
import { type DhcpStatus, planText, servedHosts, startingDhcp, whyIdle } from './dhcp-status.js';
import type { Freeze } from './freezes.js';
import type { ReactorAlerts } from './gateway.reactor.js';
import type { ConfirmedLine, Journal } from './journal.js';
import { LeaseEnds } from './lease-ends.js';
import { isDone } from './recorder.js';

/** The device that the daemons serve, as far as DHCP has to know it. */
export interface ServedDevice {
  readonly interfaces: ReadonlyMap<string, InterfaceState>;
  /** A log that may not drive the one may not drive the other. */
  readonly stamp: DeviceStamp | undefined;
}

export interface DhcpReactorOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  readonly view: GatewayView;
  readonly pairing: PairingPolicy;
  readonly dhcp: DhcpDriver;
  readonly served: () => Promise<ServedDevice>;
  /** Of the device and of every device: while one is frozen nothing is written. */
  readonly freeze?: Freeze;
  readonly freezeAll?: Freeze;
  readonly liveMap: LiveMap;
  /** Of the stream `journal-<device>-dhcp`. */
  readonly journal: Journal;
  readonly alerts: ReactorAlerts;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** What one look saw, and what is to be done about it. */
interface Sight {
  readonly state: DhcpState;
  readonly under: DeviceStamp | undefined;
  readonly log: LogState;
  readonly wanted: WantedHosts;
  readonly withheld: readonly Withheld[];
  readonly plan: DhcpPlan;
  readonly planHash: string;
}

/** Makes the DHCP daemons of one device hand out what the map grants: reads them, pushes the difference, reads back, journals. */
export class DhcpReactor {
  private readonly backoff: Backoff;
  private readonly ends: LeaseEnds;
  private readonly approvals = new Approvals();
  private confirmed: Map<string, ConfirmedLine> | undefined;
  /** Families of which an engine that ended in the middle may have left something unsaved. */
  private readonly unsaved = new Set<4 | 6>();
  private shown: DhcpStatus;

  constructor(private readonly options: DhcpReactorOptions) {
    this.backoff = new Backoff(options.now);
    this.ends = new LeaseEnds(options.now);
    this.shown = startingDhcp(options.device, options.mode, options.dhcp.families);
  }

  get status(): DhcpStatus {
    return this.shown;
  }

  /** Does exactly the plan that the operator saw, at the next look and never later, whatever brake holds it. */
  apply(word: Word): Promise<ApplyOutcome> {
    return this.approvals.give(word);
  }

  hint(): void {
    this.backoff.forgiven(dhcpKey);
  }

  nextDueMs(): number | undefined {
    const due = [this.backoff.nextDueMs(), this.ends.nextDueMs()].filter((one) => one !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** One look and, where allowed, one step. Never rejects. */
  async reconcile(): Promise<DhcpStatus> {
    const { alerts, liveMap, device } = this.options;
    if (!liveMap.live || (this.backoff.isWaiting(dhcpKey) && !this.approvals.isWaiting)) return this.shown;
    const approval = this.approvals.take();
    const due = this.backoff.due();
    try {
      await Promise.all([this.options.freeze?.open(), this.options.freezeAll?.open()]);
      await this.recall();
      await this.step(approval);
      this.backoff.succeeded(dhcpKey);
      alerts.clear('dhcp-failing', device);
    } catch (error) {
      this.backoff.failed(dhcpKey);
      const message = error instanceof Error ? error.message : String(error);
      this.shown = { ...this.shown, state: 'failing', error: message };
      alerts.raise('dhcp-failing', device, message);
    }
    approval.answer({ said: 'failed', error: this.shown.error ?? `DHCP of ${device} was not looked at` });
    this.backoff.forget(due);
    return this.shown;
  }

  /** What was confirmed before this process; and of what another one began and never ended, that it was interrupted. */
  private async recall(): Promise<void> {
    if (this.confirmed !== undefined) return;
    const { journal, dhcp } = this.options;
    const { lines, interrupted } = await journal.recall();
    const why = 'interrupted: the engine ended before DHCP was read back';
    for (const planId of interrupted) await journal.finished(planId, 'failed', [], why);
    if (interrupted.length > 0) for (const family of dhcp.families) this.unsaved.add(family);
    this.confirmed = lines;
  }

  private async step(approval: Approval): Promise<void> {
    const sight = await this.look();
    const { plan, log, state, under } = sight;
    const tooMuch = dhcpRemovalBrake(plan, state);
    const brake =
      this.frozen() ??
      dhcpIdentityBrake(log, state, under) ??
      (this.options.mode === 'enforce' ? dhcpFirstPlanBrake(plan, state) : undefined) ??
      tooMuch;
    const by = this.approved(approval, sight, brake, tooMuch);
    this.show(sight, by === undefined ? brake : undefined);
    if (by === undefined && (whyIdle(this.options.mode) !== undefined || brake !== undefined)) return;
    const doable = doableDhcp(
      plan,
      (family) => by !== undefined || !this.backoff.isWaiting(`dhcp${family}`),
      (lease) => this.ends.may(placeOf(lease)),
    );
    if (doable.lines.length === 0 && by === undefined) return;
    const { planId, lines } = await this.push(sight, doable, by);
    approval.answer({ said: 'applied', planId, lines, left: [] });
  }

  private async look(): Promise<Sight> {
    const { dhcp, liveMap, view, pairing, served, device } = this.options;
    const [read, under] = await Promise.all([dhcp.read(), served()]);
    const state = this.doubting(read);
    // Taken after the daemons were read: the map can only be newer than the look.
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredDhcp(liveMap.map, view, pairing);
    const hosts = desired.hosts.filter((host) => dhcp.interfaces.includes(host.interface));
    const wanted = servable(hosts, under.interfaces, dhcp.families);
    const found = planDhcp(wanted, state);
    const plan = { ...found, lines: found.lines.map((line) => this.explained(line)) };
    const planHash = createHash('sha256').update(planText(device, plan)).digest('hex').slice(0, 16);
    const withheld = [...desired.withheld, ...wanted.withheld];
    return { state, under: under.stamp, log, wanted, withheld, plan, planHash };
  }

  private doubting({ v4, v6, ...rest }: DhcpState): DhcpState {
    return {
      ...rest,
      v4: v4 && { ...v4, saved: v4.saved && !this.unsaved.has(4) },
      v6: v6 && { ...v6, saved: v6.saved && !this.unsaved.has(6) },
    };
  }

  /** Who approved this very plan; who gave a word that does not count hears why. */
  private approved(
    { word, answer }: Approval,
    { plan, planHash }: Sight,
    brake: Brake | undefined,
    tooMuch: Brake | undefined,
  ): string | undefined {
    if (word === undefined) return undefined;
    const words = wordsToEndDhcp(this.options.device, plan);
    const frozen = this.frozen();
    if (this.options.mode === 'observe') answer({ said: 'observing' });
    else if (frozen !== undefined) answer({ said: 'frozen', detail: frozen.detail });
    else if (word.planHash !== planHash) answer({ said: 'other-plan', planHash });
    else if (plan.lines.length === 0 && brake === undefined) answer({ said: 'nothing-to-do' });
    else if (tooMuch !== undefined && word.typed !== words) answer({ said: 'confirmation-needed', words });
    else return word.by;
    return undefined;
  }

  private async push(
    { planHash, log, wanted }: Sight,
    plan: DhcpPlan,
    by: string | undefined,
  ): Promise<{ readonly planId: string; readonly lines: readonly JournalLine[] }> {
    const { journal, dhcp } = this.options;
    const planId = randomUUID();
    const confirmedBy = by === undefined ? {} : { confirmedBy: by };
    await journal.started({ planId, desiredOrdinal: Math.max(0, log.ordinal), planHash, ...confirmedBy });
    const families = new Set(plan.lines.flatMap(({ family, why }) => (why === 'lease' ? [] : [family])));
    // An approval without lines puts a new stamp where another log's is.
    if (plan.lines.length === 0) for (const family of dhcp.families) families.add(family);
    let failure: Error | undefined;
    try {
      await dhcp.apply(
        {
          ...(families.has(4) ? { hosts4: wanted.hosts4 } : {}),
          ...(families.has(6) ? { hosts6: wanted.hosts6 } : {}),
          endLeases: plan.leases,
        },
        log,
      );
      for (const family of families) this.unsaved.delete(family);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    for (const place of new Set(plan.leases.map(placeOf))) this.ends.count(place);
    const after = await this.look().catch(() => undefined);
    const lines = journalLines(plan.lines, after?.state);
    const outcome = failure !== undefined ? 'failed' : lines.every(isDone) ? 'confirmed' : 'partial';
    for (const { line, serverId, readBack } of lines) {
      if (readBack === 'present') this.confirmed?.set(line, { serverId, since: formatInstant(Date.now()) });
      else if (readBack === 'absent') this.confirmed?.delete(line);
    }
    await journal.finished(planId, outcome, lines, failure?.message);
    if (failure !== undefined) throw failure;
    const undone = new Set(lines.filter((line) => !isDone(line)).map(({ line }) => line));
    for (const { line, family } of plan.lines) if (undone.has(line)) this.backoff.failed(`dhcp${family}`);
    if (after !== undefined) this.show(after, undefined);
    return { planId, lines };
  }

  /** What was there before and is gone, or came by itself, is drift; whose it was, the journal knows. */
  private explained(line: DhcpLine): DhcpLine {
    if (line.why === 'lease') return line;
    const known = this.confirmed?.get(line.line);
    const cause = (line.change === 'add') === (known !== undefined) ? 'drift' : line.cause;
    const serverId = line.serverId ?? known?.serverId;
    if (serverId === undefined) return { ...line, cause };
    const taken = line.change === 'remove' ? this.options.liveMap.map.binding(serverId)?.changedAt : undefined;
    return { ...line, serverId, cause: cause === 'configuration' ? (taken ?? cause) : cause };
  }

  private frozen(): Brake | undefined {
    return freezeBrake(this.options.freeze?.current, this.options.freezeAll?.current);
  }

  private show({ state, wanted, withheld, plan, planHash }: Sight, brake: Brake | undefined): void {
    const { alerts, device, mode } = this.options;
    const frozen = brake?.code === 'frozen'; // the device itself says so
    if (brake === undefined || frozen) alerts.clear('dhcp-brake-tripped', device);
    else alerts.raise('dhcp-brake-tripped', device, `${brake.code}: ${brake.detail}`);
    this.tellIncomplete(withheld, plan);
    this.shown = {
      ...this.shown,
      state: frozen ? 'frozen' : brake !== undefined ? 'braked' : plan.lines.length > 0 ? 'differs' : 'equal',
      brake,
      error: undefined,
      idle: whyIdle(mode),
      planHash,
      plan: plan.lines,
      hosts: servedHosts(state, wanted),
      withheld,
    };
  }

  /** What was sold and is not handed out, or is handed out by a daemon that nobody can reach. */
  private tellIncomplete(withheld: readonly Withheld[], { lines }: DhcpPlan): void {
    const { alerts, device } = this.options;
    const deaf = lines.filter(
      ({ why, line }) =>
        why === 'socket' && (this.confirmed?.has(line) || this.backoff.isWaiting(`dhcp${lineFamily(line)}`)),
    );
    const unending = lines.filter(({ why }) => why === 'lease').length > 0 && this.ends.nextDueMs() !== undefined;
    const told = [
      ...withheld.map(({ serverId, what, reason }) => `${serverId}: ${what}: ${reason}`),
      ...deaf.map(({ line }) => `no open socket: ${line}; look into the daemon's log for why`),
      ...(unending
        ? ['a machine changes its identity again and again; its leases are left alone for some minutes']
        : []),
    ];
    const [first, ...more] = told;
    if (first === undefined) alerts.clear('dhcp-incomplete', device);
    else alerts.raise('dhcp-incomplete', device, `${first}${more.length === 0 ? '' : ` (and ${more.length} more)`}`);
  }
}

// No interface has such a name.
const dhcpKey = '* dhcp';
const placeOf = ({ family, vlan }: DhcpLease): string => `${family} ${vlan}`;
const lineFamily = (line: string): string => line.charAt(4);

function journalLines(lines: readonly DhcpLine[], after: DhcpState | undefined): JournalLine[] {
  const held = after === undefined ? undefined : heldDhcpLines(after);
  return lines.map(({ change, kind, line, serverId, cause }) => {
    const readBack = held === undefined ? 'unknown' : held.has(line) ? 'present' : 'absent';
    return { change, kind, line, ...(serverId === undefined ? {} : { serverId }), cause, readBack };
  });
}
