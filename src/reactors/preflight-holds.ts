import type { IpAddress } from '../../events/index.js';
import type { DesiredState } from '../../projections/index.js';
import type { BgpDriver } from '../drivers/bgp/bgp.port.js';
import type { BgpPreflight, SwitchPreflight } from '../drivers/switch/preflight.port.js';
import type { SwitchDriver } from '../drivers/switch/switch.port.js';
import type { Holds, HoldSource } from './holds.js';
import type { Actual } from './plan.js';
import { judgePreflight, type PreflightCheck, type SiteRules } from './preflight.js';

export interface PreflightOptions {
  readonly switch: SwitchDriver;
  readonly bgp: BgpDriver | undefined;
  readonly site: SiteRules;
  /** Interfaces that are looked at although nothing is sold there yet. */
  readonly interfaces: readonly string[];
  /** Told of what failed after each look; empty when nothing did. */
  readonly onFailed?: (failed: readonly PreflightCheck[]) => void;
  /** Monotonic ms. */
  readonly now: () => number;
}

interface Reading {
  readonly at: number;
  readonly interfaces: readonly string[];
  readonly switch: SwitchPreflight | undefined;
  readonly bgp: BgpPreflight | undefined;
}

/** What passed is believed this long; what failed is read anew at every look. */
const freshMs = 10_000;
/** A look must not wait longer for facts: what is to be withdrawn waits behind it. */
const patienceMs = 3_000;

/**
 * Holds additions back where a preflight check failed, or where none could be made just now. Read-only: it mends nothing.
 * A check that ends in `unknown` because the driver cannot see the fact holds nothing.
 */
export class PreflightHolds implements HoldSource {
  private reading: Reading | undefined;
  private judged: readonly PreflightCheck[] = [];

  constructor(private readonly options: PreflightOptions) {}

  /** What the latest look found. */
  get checks(): readonly PreflightCheck[] {
    return this.judged;
  }

  async look(actual: Actual, desired: DesiredState): Promise<Holds> {
    const gateways = new Map<string, readonly IpAddress[] | undefined>();
    for (const { interface: name, gatewayAddresses } of desired.routes) gateways.set(name, gatewayAddresses);
    const ipv4 = new Set(desired.routes.filter(({ family }) => family === 'ipv4').map((route) => route.interface));
    const wanted = [...this.options.interfaces, ...desired.neighbours.map((entry) => entry.interface)];
    const interfaces = [...new Set(wanted)].sort();
    try {
      const reading = await this.read(interfaces);
      this.judged = judgePreflight({
        ...reading,
        interfaces,
        announces: this.options.bgp !== undefined,
        boxAddresses: actual.switch.boxAddresses,
        interfaceAddresses: (name) => actual.switch.interfaces.get(name)?.addresses ?? [],
        gatewayOf: (name) => gateways.get(name),
        ipv4,
        site: this.options.site,
      });
    } catch (error) {
      this.reading = undefined;
      const reason = `the preflight cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      return { onEntry: () => reason, onRoute: () => reason };
    }
    const failed = this.judged.filter(({ result }) => result === 'fail');
    this.options.onFailed?.(failed);
    return holdsOf(failed);
  }

  private async read(interfaces: readonly string[]): Promise<Reading> {
    const { now } = this.options;
    const known = this.reading;
    const isFresh =
      known !== undefined &&
      now() - known.at < freshMs &&
      known.interfaces.join(' ') === interfaces.join(' ') &&
      !this.judged.some(({ result }) => result === 'fail');
    if (isFresh) return known;
    const [ofSwitch, ofBgp] = await inTime(
      Promise.all([
        this.options.switch.preflight?.(interfaces),
        // A daemon that cannot be asked holds its own routes back: entries need not wait for it.
        this.options.bgp?.preflight?.(interfaces).catch(() => undefined),
      ]),
    );
    const reading = { at: now(), interfaces, switch: ofSwitch, bgp: ofBgp };
    this.reading = reading;
    return reading;
  }
}

function holdsOf(failed: readonly PreflightCheck[]): Holds {
  const byInterface = new Map<string, string>();
  const byFamily = new Map<string, string>();
  for (const one of failed) {
    const reason = `preflight ${one.check}: ${one.found}`;
    if (one.interface !== undefined && !byInterface.has(one.interface)) byInterface.set(one.interface, reason);
    if (one.family !== undefined && !byFamily.has(one.family)) byFamily.set(one.family, reason);
  }
  return {
    onEntry: (entry) => byInterface.get(entry.interface),
    onRoute: (route) => byInterface.get(route.interface) ?? byFamily.get(route.family),
  };
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
