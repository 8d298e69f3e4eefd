import type { QuietRoute } from '../../reactors/plan.js';
import type { ShownLine } from '../../reactors/recorder.js';
import type { Withheld } from '../../../projections/index.js';
import type { ControlledDevice } from '../device-registry.js';

/** What the last look at a device means for each server and each interface: one pass, however many ports ask. */
export interface DevicePicture {
  linesOf(serverId: string): readonly ShownLine[];
  /** Lines that no server is known for: what stands there and is nobody's. */
  linesOn(interfaceName: string): readonly ShownLine[];
  quietOf(serverId: string): readonly QuietRoute[];
  withheldOf(serverId: string): readonly Withheld[];
}

const pictures = new WeakMap<readonly ShownLine[], DevicePicture>();

/** The picture of what a device showed last; made once for each look. */
export function pictureOf({ plan, quiet, withheld }: ControlledDevice['status']): DevicePicture {
  const known = pictures.get(plan);
  if (known !== undefined) return known;
  const lines = grouped(plan, ({ serverId }) => serverId);
  const nobodys = grouped(plan, (line) => (line.serverId === undefined ? line.interface : undefined));
  const quiets = grouped(quiet, ({ serverId }) => serverId);
  const held = grouped(withheld, ({ serverId }) => serverId);
  const picture: DevicePicture = {
    linesOf: (serverId) => lines.get(serverId) ?? [],
    linesOn: (name) => nobodys.get(name) ?? [],
    quietOf: (serverId) => quiets.get(serverId) ?? [],
    withheldOf: (serverId) => held.get(serverId) ?? [],
  };
  pictures.set(plan, picture);
  return picture;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
