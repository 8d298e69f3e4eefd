import type { Advertised, RaChange, RaDriver, RaState } from '../../src/drivers/ra/ra.port.js';
import { renderRadvd } from '../../src/drivers/ra/radvd-config.js';
import { DeviceError, type DeviceStamp } from '../../src/drivers/switch/switch.port.js';

/** A router advertisement daemon that exists in this process only: a file, a process that read it or not, and what machines hear. */
export class HeldRa implements RaDriver {
  readonly device = 'leaf1';
  file: RaState['file'] = 'missing';
  stamp: DeviceStamp | undefined;
  written = new Map<string, Advertised>();
  /** What the process advertises: it read this. */
  heard = new Map<string, Advertised>();
  running = true;
  /** It takes no signal: whatever is written, it goes on as it was. */
  deaf = false;
  /** `says-done`: success and nothing done. `refuses`: an error and nothing done. */
  misbehaves: 'not' | 'says-done' | 'refuses' = 'not';
  pushes = 0;
  private loaded = false;

  constructor(readonly interfaces: readonly string[]) {}

  read(): Promise<RaState> {
    const { file, stamp } = this;
    const daemon = !this.running ? 'stopped' : this.loaded && file === 'intact' ? 'loaded' : 'running';
    const advertised = new Map(stamp === undefined ? [] : this.written);
    return Promise.resolve({ advertised, file, daemon, stamp });
  }

  apply(change: RaChange, stamp: DeviceStamp): Promise<void> {
    return Promise.resolve().then(() => this.push(change, stamp));
  }

  private push({ advertised }: RaChange, { logId, ordinal }: DeviceStamp): void {
    this.pushes++;
    if (this.misbehaves === 'refuses') throw new DeviceError('leaf1', 'refused', 'radvd refuses what we would write');
    if (this.misbehaves === 'says-done') return;
    this.refuse(advertised);
    this.written = new Map(advertised.map((one) => [one.interface, one]));
    [this.file, this.stamp, this.loaded] = ['intact', { logId, ordinal }, false];
    if (!this.running) return;
    if (this.deaf) throw new DeviceError('leaf1', 'refused', 'radvd read its file and sent nothing');
    this.readFile();
  }

  watch(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The process ends, or is started again and reads what stands there. */
  setRunning(running: boolean): void {
    this.running = running;
    if (running) this.readFile();
    else this.heard.clear();
  }

  /** Somebody changes the file by hand. */
  spoil(): void {
    this.file = 'changed';
  }

  private readFile(): void {
    this.heard = new Map(this.written);
    this.loaded = true;
  }

  private refuse(advertised: readonly Advertised[]): void {
    const stranger = advertised.find((one) => !this.interfaces.includes(one.interface));
    if (stranger !== undefined) throw new DeviceError('leaf1', 'refused', `${stranger.interface} is not ours`);
    try {
      renderRadvd(advertised, { logId: 'any', ordinal: 0 }, false);
    } catch (cause) {
      throw new DeviceError('leaf1', 'refused', (cause as Error).message, { cause });
    }
  }
}
