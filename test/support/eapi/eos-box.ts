import { diffText, edited, type EosConfig, type EosConfigLine, parseConfigLine } from './eos-config.js';

export interface BoxInterface {
  adminUp: boolean;
  /** Somebody alive is at the other end. */
  plugged: boolean;
  readonly vrf: string;
  /** `198.51.100.1/24`; the first is the primary one. */
  ipv4: string[];
  /** Networks that a route sends out here, such as `198.51.100.17/32`. */
  routes: string[];
  /** Without prefix length; a link-local one among them is the interface's own. */
  ipv6: string[];
}

export interface BoxSession {
  state: 'pending' | 'pendingCommitTimer' | 'completed';
  readonly user: string;
  config: EosConfig;
}

/** What a command did: an answer, or why not. `code` as eAPI counts. */
export class CommandFailed extends Error {
  constructor(
    readonly code: number,
    readonly errors: readonly string[],
  ) {
    super(errors.join('; '));
  }
}

/**
 * A switch that runs EOS, as far as static neighbour entries and configuration sessions go: real state, and a commit
 * timer that really takes back what nobody confirmed.
 */
export class EosBox {
  running: EosConfig = new Map();
  startup: EosConfig = new Map();
  readonly sessions = new Map<string, BoxSession>();
  /** Addresses the switch learned by itself. */
  readonly learned: { vrf: string; address: string; mac: string; interface: string }[] = [];
  /** Which MAC was heard at which port. */
  readonly macs: { vlan: number; mac: string; port: string }[] = [];
  /** Addresses that stay out of the tables although they are configured: a full table, or a box that lies. */
  readonly notTaken = new Set<string>();
  /** Addresses that stay in the tables although their line is gone. */
  readonly stuck = new Map<string, EosConfigLine>();
  /** Who holds the configuration lock. */
  lockedBy: string | undefined;
  /** Says a commit happened, and leaves everything as it was. */
  liesAboutCommits = false;
  timer:
    | { readonly session: string; readonly before: EosConfig; readonly handle: NodeJS.Timeout; readonly ends: number }
    | undefined;
  readonly booted = Date.now();

  constructor(
    readonly interfaces: Map<string, BoxInterface>,
    readonly version: '4.31' | '4.32' = '4.32',
  ) {}

  /** The tables the switch works by: static entries of interfaces that are up, and what it learned. */
  resolved(): (EosConfigLine & { readonly interface: string; readonly isStatic: boolean })[] {
    const lines = [...[...this.running.values()].map(parsed), ...this.stuck.values()];
    const statics = lines.flatMap((line) => {
      const name = line.interface ?? this.onLink(line.vrf, line.address);
      const port = name === undefined ? undefined : this.interfaces.get(name);
      const isTaken = port?.adminUp === true && port.vrf === line.vrf && !this.notTaken.has(line.address);
      return isTaken && name !== undefined ? [{ ...line, interface: name, isStatic: true }] : [];
    });
    return [...statics, ...this.learned.map((row) => ({ ...row, isStatic: false }))];
  }

  /** A line typed at the switch, outside every session. */
  type(line: string): void {
    this.running = this.editedOrThrow(this.running, line);
  }

  session(name: string): BoxSession {
    const session = this.sessions.get(name);
    if (session === undefined) throw new CommandFailed(1000, [`Cannot find session ${name}`]);
    return session;
  }

  /** Opens a session, or enters one that is open. */
  enter(name: string, user: string): void {
    if (this.lockedBy !== undefined && this.lockedBy !== user)
      throw new CommandFailed(1000, [`Configuration is locked by ${this.lockedBy}`]);
    const known = this.sessions.get(name);
    if (known?.state === 'pendingCommitTimer')
      throw new CommandFailed(1000, [`Cannot enter session ${name} (state pendingCommitTimer)`]);
    if (known?.state === 'pending') return;
    if ([...this.sessions.values()].filter(({ state }) => state === 'pending').length >= 5)
      throw new CommandFailed(1000, ['Maximum number of pending sessions has been reached']);
    this.sessions.set(name, { state: 'pending', user, config: this.running });
  }

  edit(name: string, line: string): void {
    const session = this.session(name);
    session.config = this.editedOrThrow(session.config, line);
  }

  diff(name: string): string {
    return diffText(this.running, this.session(name).config, name);
  }

  commit(name: string, seconds?: number): void {
    const session = this.session(name);
    if (this.timer !== undefined && this.timer.session !== name)
      throw new CommandFailed(1000, [`Commit timer is running for session ${this.timer.session}`]);
    if (session.state === 'completed') throw new CommandFailed(1000, [`Session ${name} is already completed`]);
    const before = this.timer?.before ?? this.running;
    clearTimeout(this.timer?.handle);
    this.timer = undefined;
    if (session.state === 'pending' && !this.liesAboutCommits) this.running = session.config;
    session.state = seconds === undefined ? 'completed' : 'pendingCommitTimer';
    if (seconds !== undefined) {
      const handle = setTimeout(() => this.takeBack(), seconds * 1000);
      this.timer = { session: name, before, handle, ends: Date.now() + seconds * 1000 };
    } else this.forgetOldSessions(name);
  }

  abort(name: string): void {
    const { state } = this.session(name);
    if (state === 'completed') throw new CommandFailed(1000, [`Session ${name} is already completed`]);
    if (state === 'pendingCommitTimer') this.takeBack();
    this.sessions.delete(name);
  }

  /** Starts again from the startup configuration; sessions and what was learned are lost. */
  reboot(): void {
    clearTimeout(this.timer?.handle);
    this.timer = undefined;
    this.running = this.startup;
    this.sessions.clear();
    this.learned.length = 0;
  }

  close(): void {
    clearTimeout(this.timer?.handle);
  }

  /** The time of the commit timer is over now, where one runs: what was not confirmed is taken back. */
  letTimerEnd(): void {
    this.takeBack();
  }

  private takeBack(): void {
    const { timer } = this;
    if (timer === undefined) return;
    clearTimeout(timer.handle);
    this.timer = undefined;
    this.running = timer.before;
    this.sessions.delete(timer.session);
  }

  /** `maxSavedSessions` is 1. */
  private forgetOldSessions(last: string): void {
    for (const [name, { state }] of this.sessions)
      if (state === 'completed' && name !== last) this.sessions.delete(name);
  }

  private editedOrThrow(config: EosConfig, line: string): EosConfig {
    const next = edited(config, line);
    if ('badToken' in next && !(next instanceof Map)) {
      const token = line.split(' ')[next.badToken] ?? '';
      throw new CommandFailed(1002, [`Invalid input (at token ${String(next.badToken)}: '${token}')`]);
    }
    return next as EosConfig;
  }

  /** Where an IPv4 address is looked for; in any VRF where none is given. */
  onLink(vrf: string | undefined, address: string): string | undefined {
    return networkOf(this.interfaces, vrf, address);
  }
}

export function parsed(line: string): EosConfigLine {
  const one = parseConfigLine(line);
  if ('badToken' in one) throw new Error(`the box holds the line ${line}`);
  return one;
}

/** The interface to which the longest network leads; in any VRF where none is given. */
export function networkOf(
  interfaces: ReadonlyMap<string, BoxInterface>,
  vrf: string | undefined,
  address: string,
): string | undefined {
  let best: { readonly name: string; readonly length: number } | undefined;
  for (const [name, port] of interfaces) {
    if (vrf !== undefined && port.vrf !== vrf) continue;
    for (const network of [...port.ipv4, ...port.routes].filter((one) => sameNetwork(one, address))) {
      const length = Number(network.split('/')[1]);
      if (best === undefined || length > best.length) best = { name, length };
    }
  }
  return best?.name;
}

function sameNetwork(network: string, address: string): boolean {
  const [base = '', length = '32'] = network.split('/');
  const bits = (text: string): string =>
    text
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  return bits(base).slice(0, Number(length)) === bits(address).slice(0, Number(length));
}
