// An engine with a sensor on each of some ports, that hears what a test sends.
import { SensorConfig, SelfTestConfig } from '../../../src/config/app-config.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import type { CaptureState } from '../../../src/sensor/capture/capture-handlers.js';
import type { OpenCapture } from '../../../src/sensor/sensor.service.js';
import { RunningEngine, type Wanted } from '../../e2e/running-engine.js';
import { captured } from '../capture/frames.js';

export const sensorOn = (number: number, selftest?: Partial<SelfTestConfig>): SensorConfig =>
  Object.assign(new SensorConfig(), {
    name: `leaf1-e${number}`,
    switch: 'leaf1',
    interface: `vlan${number}`,
    port: `leaf1:Ethernet${number}`,
    vlan: number,
    ...(selftest !== undefined && { selftest: Object.assign(new SelfTestConfig(), selftest) }),
  });

/** Captures of this process only, by the name of their sensor. */
export class Captures {
  private readonly handlers = new Map<string, Parameters<OpenCapture>[1]>();
  /** What a capture says when it is started. */
  first: CaptureState = { state: 'running' };

  readonly open: OpenCapture = ({ name }, handlers) => ({
    start: () => {
      this.handlers.set(name, handlers);
      handlers.onState(this.first);
    },
    stop: () => {
      this.handlers.delete(name);
      return Promise.resolve();
    },
  });

  get running(): number {
    return this.handlers.size;
  }

  say(sensor: string, state: CaptureState): void {
    this.of(sensor).onState(state);
  }

  /** A frame comes in, stamped with the time now. */
  send(sensor: string, bytes: Uint8Array): void {
    const now = Date.now();
    const time = { seconds: Math.floor(now / 1000), nanoseconds: (now % 1000) * 1e6 };
    const frame = decodeFrame({ ...captured(bytes), time });
    if (frame !== undefined) this.of(sensor).onFrame(frame);
  }

  private of(sensor: string): Parameters<OpenCapture>[1] {
    const handlers = this.handlers.get(sensor);
    if (handlers === undefined) throw new Error(`Nothing captures for ${sensor}; expected its sensor to have started.`);
    return handlers;
  }
}

export function startSensing(captures: Captures, settings: Wanted['settings']): Promise<RunningEngine> {
  return RunningEngine.start(undefined, { hands: { openCapture: captures.open }, settings: settings ?? {} });
}

/** Asks the engine with a token. */
export async function asked(
  engine: RunningEngine,
  path: string,
  token = engine.tokens['security-analyst'],
  request: RequestInit = {},
): ReturnType<RunningEngine['call']> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return engine.call(path, { ...request, headers });
}
