import type { ControlledDevice, DeviceRegistry } from '../device-registry.js';
import type { LiveMap } from '../../projector/live-map.js';
import type { ServerTally } from './server-tally.js';

/** A line of ours that stays on a device for a server that is not sold, or for nobody known. */
export interface LeftOver {
  /** Whose it was; absent where nobody knows. */
  readonly serverId?: string;
  readonly device: string;
  readonly line: string;
}

/** What the devices hold of what is sold, as their last looks showed it. */
export interface PushTally {
  /** Slots of billed servers that are not wholly on the devices of their switch, ascending. */
  readonly notPushed: readonly number[];
  readonly reasonOf: (slot: number, switchName: string) => string;
  /** One line for each server that is not sold, in an order that stays. */
  readonly leftOvers: readonly LeftOver[];
}

type Device = Pick<ControlledDevice, 'status' | 'look'>;

/** Compares what is sold with the last look at each device: work in the order of the plans and of the billed servers. */
export function pushTally(
  servers: ServerTally,
  { map }: Pick<LiveMap, 'map'>,
  devices: Pick<DeviceRegistry, 'all'>,
): PushTally {
  const bySwitch = new Map<string, Device[]>();
  for (const device of devices.all()) {
    const { switch: name } = device.status;
    bySwitch.set(name, [...(bySwitch.get(name) ?? []), device]);
  }
  const unread = new Map<string, string>();
  for (const name of servers.billedBySwitch().keys()) {
    const there = bySwitch.get(name) ?? [];
    const unseen = there.find(({ look }) => look === undefined);
    if (name === '') unread.set(name, 'billing named no port');
    else if (there.length === 0) unread.set(name, `no device of ${name} is configured`);
    else if (unseen !== undefined) unread.set(name, `${unseen.status.device} was not read yet`);
  }
  const reasons = new Map<number, string>();
  const leftOvers = new Map<string, LeftOver>();
  for (const { status } of [...bySwitch.values()].flat()) {
    const { device } = status;
    for (const { serverId, what, reason } of status.withheld)
      reasons.set(map.assignments.slotOf(serverId), what === 'server' ? reason : `${what}: ${reason}`);
    for (const { change, line, serverId, orphan, waits } of status.plan) {
      if (change === 'add') {
        const slot = serverId === undefined ? -1 : map.assignments.slotOf(serverId);
        if (!reasons.has(slot)) reasons.set(slot, `${device}: ${waits ?? `to come: ${line}`}`);
      } else {
        const whose = serverId ?? orphan?.previousOwner;
        if (whose !== undefined && servers.isBilled(whose)) continue;
        const key = whose ?? `${device} ${line}`;
        if (!leftOvers.has(key)) leftOvers.set(key, { ...(whose !== undefined && { serverId: whose }), device, line });
      }
    }
  }
  const notPushed: number[] = [];
  if (reasons.size > 0 || unread.size > 0)
    for (const { slot, switch: name } of servers.billedFrom(0))
      if (unread.has(name) || reasons.has(slot)) notPushed.push(slot);
  return {
    notPushed,
    reasonOf: (slot, name) => unread.get(name) ?? reasons.get(slot) ?? '',
    leftOvers: [...leftOvers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leftOver]) => leftOver),
  };
}
