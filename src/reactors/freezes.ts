import { DeviceError } from '../drivers/switch/switch.port.js';
import type { Journal } from './journal.js';

/** By whom and why nothing is written to a device. */
export interface Frozen {
  readonly reason: string;
  /** Id of a token, or `portledger`. */
  readonly by: string;
  /** RFC 3339. */
  readonly since: string;
}

/** In place of a device's name: every device. */
export const everyDevice = '*';

/**
 * Whether a device, or every device, is frozen: kept in its journal, so that it holds after a restart. Freezing counts
 * before it is stored, resuming only after: when in doubt nothing is written.
 */
export class Freeze {
  private frozen: Frozen | undefined;
  private reading: Promise<void> | undefined;

  constructor(private readonly journal: Pick<Journal, 'lastFreeze' | 'froze' | 'resumed'>) {}

  /** Reads what was decided before this process; once. Rejects when the log cannot be read: then nothing may be written. */
  open(): Promise<void> {
    this.reading ??= this.journal.lastFreeze().then(
      (found) => void (this.frozen ??= found),
      (error: unknown) => {
        this.reading = undefined;
        throw error;
      },
    );
    return this.reading;
  }

  get current(): Frozen | undefined {
    return this.frozen;
  }

  /** Rejects when it could not be stored; it is frozen all the same, until this process ends. */
  async freeze(reason: string, by: string): Promise<Frozen> {
    this.frozen = { reason, by, since: new Date().toISOString() };
    await this.journal.froze(reason, by);
    return this.frozen;
  }

  /** False where it is not frozen. Rejects when it could not be stored: then it stays frozen. */
  async resume(by: string, reason: string | undefined): Promise<boolean> {
    await this.open();
    if (this.frozen === undefined) return false;
    await this.journal.resumed(by, reason);
    this.frozen = undefined;
    return true;
  }
}

const strikes = 3;
const strikeWindowMs = 10 * 60_000;

/** Counts pushes that a device took and that had to be undone, or that it refused: three within ten minutes are enough. */
export class Strikes {
  private times: number[] = [];

  constructor(private readonly now: () => number) {}

  /** True when this one was one too many; then the count starts anew. */
  struck(): boolean {
    const now = this.now();
    this.times = [...this.times.filter((at) => at > now - strikeWindowMs), now];
    if (this.times.length < strikes) return false;
    this.times = [];
    return true;
  }
}

/** The device could not be asked at all: that says nothing of what it was to take. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'unreachable' || code === 'timeout' || code === 'namespace-gone';
}

/** The device was there and did not take it. A daemon that refuses before it changed anything is no strike. */
export function isStrike(error: unknown): boolean {
  return codeOf(error) === 'rolled-back' || (error instanceof DeviceError && error.code === 'refused');
}

/** The trouble of a BGP daemon carries what the driver said as its cause. */
function codeOf(error: unknown): DeviceError['code'] | undefined {
  if (error instanceof DeviceError) return error.code;
  return error instanceof Error && error.cause instanceof DeviceError ? error.cause.code : undefined;
}
