import { objectOf } from './json.js';
import type { KeaControl } from './kea-control.js';

/** What can be asked cheaply of a daemon, and changes when something happened to it. */
interface Pulse {
  /** How often it refused somebody, with the time of that. */
  readonly refusals: string;
  readonly pid: unknown;
  /** Seconds from its start to its last configuration. */
  readonly configuredAt: number;
}

/** Asks daemons again and again whether they were restarted, configured by somebody, or refused a machine: Kea tells nothing by itself. */
export class KeaPoll {
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly last = new Map<KeaControl, Pulse | 'away'>();

  constructor(
    private readonly controls: readonly KeaControl[],
    private readonly everyMs: number,
  ) {}

  start(onHint: () => void): void {
    this.timer = setTimeout(() => {
      const asked = this.controls.map(async (control) => {
        const [now, before] = [await pulseOf(control), this.last.get(control)];
        this.last.set(control, now);
        if (before !== undefined && !isSame(before, now) && !this.closed) onHint();
      });
      void Promise.all(asked).then(() => {
        if (!this.closed) this.start(onHint);
      });
    }, this.everyMs).unref();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }
}

async function pulseOf(control: KeaControl): Promise<Pulse | 'away'> {
  try {
    const name = control.daemon === 'kea-dhcp4' ? 'v4-allocation-fail' : 'v6-allocation-fail';
    const refusals = await control.command('statistic-get', { name });
    const { pid, uptime, reload } = objectOf((await control.command('status-get')).arguments);
    return { refusals: JSON.stringify(refusals.arguments), pid, configuredAt: Number(uptime) - Number(reload) };
  } catch {
    return 'away';
  }
}

/** Both ages are whole seconds, rounded down each by itself. */
function isSame(before: Pulse | 'away', now: Pulse | 'away'): boolean {
  if (before === 'away' || now === 'away') return before === now;
  const { refusals, pid, configuredAt } = before;
  return refusals === now.refusals && pid === now.pid && Math.abs(configuredAt - now.configuredAt) <= 1;
}
