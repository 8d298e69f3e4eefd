import type { GuardChange, GuardDriver, GuardState, HeldPort, PortCounts } from '../../src/drivers/guard/guard.port.js';
import { rateBudget } from '../../src/drivers/guard/rate-budget.js';
import type { DeviceStamp } from '../../src/drivers/switch/switch.port.js';

/** A guard that exists in this process only: it has real state, outlives the reactor, and can be told to misbehave. */
export class HeldGuard implements GuardDriver {
  readonly device = 'leaf1';
  readonly rates;
  readonly ports = new Map<string, HeldPort>();
  readonly counts = new Map<string, PortCounts>();
  readonly present: Set<string>;
  rules: GuardState['rules'] = 'missing';
  stamp: DeviceStamp | undefined;
  /** `says-done`: success and nothing sent. `refuses`: an error and nothing sent. */
  misbehaves: 'not' | 'says-done' | 'refuses' = 'not';
  /** Changes that were sent. */
  sent = 0;

  constructor(readonly interfaces: readonly string[]) {
    const budget = rateBudget(1024, interfaces.length);
    this.rates = { arp: budget, nd: budget };
    this.present = new Set(interfaces);
  }

  read(): Promise<GuardState> {
    const { rules, stamp } = this;
    return Promise.resolve({
      interfaces: new Set(this.present),
      rules,
      ports: new Map(this.ports),
      counts: new Map(this.counts),
      stamp,
    });
  }

  apply({ set, remove }: GuardChange): Promise<void> {
    this.sent++;
    if (this.misbehaves === 'refuses') return Promise.reject(new Error('leaf1: nft refused the change'));
    if (this.misbehaves === 'says-done') return Promise.resolve();
    this.rules = 'intact';
    for (const name of remove) this.ports.delete(name);
    for (const port of set) this.ports.set(port.interface, { ...port, attached: true });
    return Promise.resolve();
  }

  writeStamp(stamp: DeviceStamp): Promise<void> {
    this.stamp = { logId: stamp.logId, ordinal: stamp.ordinal };
    return Promise.resolve();
  }

  watch(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Somebody flushes the ruleset of the box, as a restart of its firewall does. */
  flush(): void {
    this.ports.clear();
    this.rules = 'missing';
  }
}
