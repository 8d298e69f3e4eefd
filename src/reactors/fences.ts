import type { DesiredState } from '../../projections/index.js';
import { destinationOf } from './lines.js';
import type { Fenced } from './moves.js';

interface FenceAlerts {
  raise(code: string, key: string, detail: string): void;
  clear(code: string, key: string): void;
}

const code = 'old-side-unconfirmed';
const shown = 3;

/**
 * The destinations that a device may still announce although they belong elsewhere and are announced there. It is sent
 * none of them again; the fence falls when reading the device shows that it is gone, or when the map gives it back.
 */
export class Fences {
  private readonly byDevice = new Map<string, Map<string, string>>();

  constructor(private readonly alerts: FenceAlerts) {}

  /** @param announcedAt the device that announces it rightly */
  raise(device: string, destination: string, announcedAt: string): void {
    const fenced = this.byDevice.get(device) ?? new Map<string, string>();
    this.byDevice.set(device, fenced.set(destination, announcedAt));
    this.tell(device, fenced);
  }

  lift(device: string, destination: string): void {
    const fenced = this.byDevice.get(device);
    if (fenced?.delete(destination) !== true) return;
    if (fenced.size > 0) return this.tell(device, fenced);
    this.byDevice.delete(device);
    this.alerts.clear(code, device);
  }

  /** The map gives some back to the device. */
  liftGranted(device: string, { routes }: DesiredState): void {
    if (!this.byDevice.has(device)) return;
    for (const route of routes) this.lift(device, destinationOf(route));
  }

  has(device: string, destination: string): boolean {
    return this.byDevice.get(device)?.has(destination) ?? false;
  }

  of(device: string): Fenced[] {
    const fenced = [...(this.byDevice.get(device) ?? [])];
    return fenced.map(([destination, announcedAt]) => ({ destination, announcedAt }));
  }

  private tell(device: string, fenced: ReadonlyMap<string, string>): void {
    const some = [...fenced].slice(0, shown).map(([destination, at]) => `${destination} (now at ${at})`);
    const more = fenced.size > shown ? `, and ${fenced.size - shown} more` : '';
    const cure =
      'Reach it, or take them out of its BGP daemon by hand; the alert ends when it is read back without them';
    this.alerts.raise(code, device, `${device} may still announce ${some.join(', ')}${more}. ${cure}.`);
  }
}
