import type { GatewayView } from '../projections/index.js';
import type { DeviceConfig } from './config/app-config.js';
import type { ControlledPart } from './control/controlled-part.js';
import type { PartName } from './control/part-applied.js';
import type { SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import type { ApplyOutcome, Word } from './reactors/approval.js';
import type { Freeze } from './reactors/freezes.js';
import { GatewayRunner, type Woken } from './reactors/gateway.runner.js';
import { Journal } from './reactors/journal.js';
import type { PartReactorOptions } from './reactors/part.reactor.js';

/** A part of a device that is planned as a whole, under control. */
export interface PartRoom<Controlled> {
  readonly controlled: Controlled;
  start(): void;
  nudge(): void;
  /** Resolves when the look that is under way has come to its end. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** What every part of a device stands on. */
export interface PartRoomOptions {
  readonly device: DeviceConfig;
  readonly view: GatewayView;
  readonly switchDriver: SwitchDriver;
  readonly freeze: Freeze;
  readonly freezeAll: Freeze;
}

/** The driver of a part, as far as its room has to know it. */
interface PartDriver {
  watch(onHint: () => void): void;
  close(): Promise<void>;
}

/** What the reactor of a part is made of, but for its hands. */
export function partReactorOptions(
  { projector, store, alerts }: EngineParts,
  { device, freeze, freezeAll }: PartRoomOptions,
  part: PartName,
): PartReactorOptions {
  return {
    device: device.name,
    mode: device.mode,
    freeze,
    freezeAll,
    liveMap: projector.liveMap,
    journal: new Journal(store, `${device.name}-${part}`, Date.now),
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
    now: () => performance.now(),
  };
}

/**
 * Wakes the reactor of a part and puts it under control.
 * @param onLooked told after each look
 * @param ports whose links wake it
 */
export function partRoom<Status>(
  { config, projector }: EngineParts,
  reactor: Woken & { readonly status: Status; apply(word: Word): Promise<ApplyOutcome> },
  driver: PartDriver,
  onLooked: () => void = () => {},
  ports: ReadonlySet<string> = new Set(),
): PartRoom<ControlledPart<Status>> {
  const runner = new GatewayRunner({
    reactor,
    switch: { watch: (onHint) => driver.watch(() => onHint(undefined)) },
    liveMap: projector.liveMap,
    resyncMs: config.resyncSeconds * 1000,
    ports,
    onLooked,
  });
  return {
    controlled: {
      get status() {
        return reactor.status;
      },
      apply: (word) => {
        const outcome = reactor.apply(word);
        runner.nudge();
        return outcome;
      },
    },
    start: () => runner.start(),
    nudge: () => runner.nudge(),
    ended: () => runner.ended(),
    async close() {
      await runner.stop();
      await driver.close();
    },
  };
}
