import { join } from 'node:path';
import type { DeviceConfig } from './config/app-config.js';
import type { ControlledGuard } from './control/controlled-guard.js';
import { ModeFile } from './drivers/guard/mode-file.js';
import { createNftGuard } from './drivers/guard/nft.guard.js';
import type { SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { formatInstant } from '../events/index.js';
import type { GatewayView } from '../projections/index.js';
import { namespaceOf } from './open-drivers.js';
import type { Freeze } from './reactors/freezes.js';
import { GatewayRunner } from './reactors/gateway.runner.js';
import { GuardModes } from './reactors/guard-modes.js';
import { GuardReactor } from './reactors/guard.reactor.js';
import { Journal } from './reactors/journal.js';

/** The guard of one device, under control. */
export interface GuardRoom {
  readonly controlled: ControlledGuard;
  /** The interfaces on which it drops all that comes in; another set whenever these change. */
  readonly blocked: ReadonlySet<string>;
  /** `onChanged` is told when it begins or ends to drop all that comes in somewhere. */
  start(onChanged: () => void): void;
  nudge(): void;
  /** Resolves when the look that is under way has come to its end. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

export interface GuardRoomOptions {
  readonly device: DeviceConfig;
  readonly view: GatewayView;
  readonly switchDriver: SwitchDriver;
  readonly freeze: Freeze;
  readonly freezeAll: Freeze;
}

/** The guard that the configuration names for a device; undefined where it names none. Throws a DeviceError. */
export function openGuard(parts: EngineParts, options: GuardRoomOptions): GuardRoom | undefined {
  const { config, projector, store, alerts } = parts;
  const { device, switchDriver } = options;
  if (device.guard === undefined) return undefined;
  const portsOf = portsByInterface(device);
  const file = new ModeFile(device.name, join(config.dataDir, `${device.name}.guard-modes.json`));
  const modes = new GuardModes(device.guard, portsOf, (orders) => file.write(orders));
  modes.restore(file.read());
  const guard = createNftGuard({
    device: device.name,
    interfaces: Object.values(device.ports),
    stateFile: join(config.dataDir, `${device.name}.guard.json`),
    ...namespaceOf(device),
  });
  const reactor = new GuardReactor({
    device: device.name,
    mode: device.mode,
    view: options.view,
    guard,
    modes,
    portsOf,
    deviceStamp: async () => (await switchDriver.read()).stamp,
    freeze: options.freeze,
    freezeAll: options.freezeAll,
    liveMap: projector.liveMap,
    journal: new Journal(store, `${device.name}-guard`, Date.now),
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
    now: () => performance.now(),
  });
  let blocked: ReadonlySet<string> = new Set();
  let tell = (): void => {};
  const runner = new GatewayRunner({
    reactor,
    switch: { watch: (onHint) => guard.watch(() => onHint(undefined)) },
    liveMap: projector.liveMap,
    resyncMs: config.resyncSeconds * 1000,
    ports: new Set(),
    onLooked: () => {
      const now = reactor.blocked;
      if (now.length === blocked.size && now.every((name) => blocked.has(name))) return;
      blocked = new Set(now);
      tell();
    },
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
      hasPort: (port) => Object.hasOwn(device.ports, port),
      order: (mode, port, by) => modes.order(mode, port, by, formatInstant(Date.now())),
      nudge: () => runner.nudge(),
    },
    get blocked() {
      return blocked;
    },
    start: (onChanged) => {
      tell = onChanged;
      runner.start();
    },
    nudge: () => runner.nudge(),
    ended: () => runner.ended(),
    async close() {
      await runner.stop();
      await guard.close();
    },
  };
}

function portsByInterface({ ports }: DeviceConfig): (interfaceName: string) => readonly string[] {
  const byInterface = new Map<string, string[]>();
  for (const [port, name] of Object.entries(ports)) byInterface.set(name, [...(byInterface.get(name) ?? []), port]);
  return (name) => byInterface.get(name) ?? [];
}
