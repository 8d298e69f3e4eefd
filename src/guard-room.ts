import { join } from 'node:path';
import { formatInstant } from '../events/index.js';
import type { DeviceConfig } from './config/app-config.js';
import type { ControlledGuard } from './control/controlled-guard.js';
import { ModeFile } from './drivers/guard/mode-file.js';
import { createNftGuard } from './drivers/guard/nft.guard.js';
import type { EngineParts } from './engine-parts.js';
import { namespaceOf } from './open-drivers.js';
import { type PartRoom, partReactorOptions, partRoom, type PartRoomOptions } from './part-room.js';
import { GuardModes } from './reactors/guard-modes.js';
import { GuardReactor } from './reactors/guard.reactor.js';

/** The guard of one device, under control. */
export interface GuardRoom extends PartRoom<ControlledGuard> {
  /** The interfaces on which it drops all that comes in; another set whenever these change. */
  readonly blocked: ReadonlySet<string>;
  /** `listener` is told when it begins or ends to drop all that comes in somewhere. */
  onBlocked(listener: () => void): void;
}

/** The guard that the configuration names for a device; undefined where it names none. Throws a DeviceError. */
export function openGuard(parts: EngineParts, options: PartRoomOptions): GuardRoom | undefined {
  const { dataDir } = parts.config;
  const { device, view, switchDriver } = options;
  if (device.guard === undefined) return undefined;
  const portsOf = portsByInterface(device);
  const file = new ModeFile(device.name, join(dataDir, `${device.name}.guard-modes.json`));
  const modes = new GuardModes(device.guard, portsOf, (orders) => file.write(orders));
  modes.restore(file.read());
  const guard = createNftGuard({
    device: device.name,
    interfaces: Object.values(device.ports),
    stateFile: join(dataDir, `${device.name}.guard.json`),
    ...namespaceOf(device),
  });
  const reactor = new GuardReactor({
    ...partReactorOptions(parts, options, 'guard'),
    view,
    guard,
    modes,
    portsOf,
    deviceStamp: async () => (await switchDriver.read()).stamp,
  });
  let blocked: ReadonlySet<string> = new Set();
  let tell = (): void => {};
  const room = partRoom(parts, reactor, guard, () => {
    const now = reactor.blocked;
    if (now.length === blocked.size && now.every((name) => blocked.has(name))) return;
    blocked = new Set(now);
    tell();
  });
  const { controlled } = room;
  return {
    ...room,
    controlled: {
      get status() {
        return controlled.status;
      },
      apply: (word) => controlled.apply(word),
      hasPort: (port) => Object.hasOwn(device.ports, port),
      order: (mode, port, by) => modes.order(mode, port, by, formatInstant(Date.now())),
      nudge: () => room.nudge(),
    },
    get blocked() {
      return blocked;
    },
    onBlocked: (listener) => void (tell = listener),
  };
}

function portsByInterface({ ports }: DeviceConfig): (interfaceName: string) => readonly string[] {
  const byInterface = new Map<string, string[]>();
  for (const [port, name] of Object.entries(ports)) byInterface.set(name, [...(byInterface.get(name) ?? []), port]);
  return (name) => byInterface.get(name) ?? [];
}
