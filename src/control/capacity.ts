import type { Headroom, Room } from '../reactors/headroom.js';
import { roomOf } from '../reactors/headroom.js';

/** How much a device, a switch or a site holds and can take. `known` is false while a device was not read yet. */
export interface CapacityRow {
  readonly site: string;
  /** False: whatever is sold here is withheld. */
  readonly enabled: boolean;
  readonly switch?: string;
  readonly device?: string;
  readonly known: boolean;
  readonly neighbours: Room;
  readonly routes: Room;
}

export interface CapacityAnswer {
  readonly sites: readonly CapacityRow[];
  readonly switches: readonly CapacityRow[];
  readonly devices: readonly CapacityRow[];
}

/** One device as it is now. */
export interface DeviceHeadroom {
  readonly device: string;
  readonly switch: string;
  readonly site: string;
  readonly enabled: boolean;
  readonly headroom: Headroom | undefined;
}

const nothing: Room = { used: 0, pending: 0, level: 'unknown' };

/**
 * A switch can take what the tightest of its devices can, for each gets all entries; a site what its switches can together,
 * which is unknown where it is of one of them.
 */
export function capacityOf(all: readonly DeviceHeadroom[]): CapacityAnswer {
  const devices = all.map(({ headroom, ...place }): CapacityRow => ({
    ...place,
    known: headroom !== undefined,
    neighbours: headroom?.neighbours ?? nothing,
    routes: headroom?.routes ?? nothing,
  }));
  const switches = grouped(devices, (row) => row.switch ?? '').map((rows): CapacityRow => ({
    ...placeOf(rows),
    switch: rows[0]?.switch ?? '',
    neighbours: tightest(rows.map((row) => row.neighbours)),
    routes: tightest(rows.map((row) => row.routes)),
  }));
  const sites = grouped(switches, (row) => row.site).map((rows): CapacityRow => ({
    ...placeOf(rows),
    neighbours: together(rows.map((row) => row.neighbours)),
    routes: together(rows.map((row) => row.routes)),
  }));
  return { sites, switches, devices };
}

function placeOf(rows: readonly CapacityRow[]): Pick<CapacityRow, 'site' | 'enabled' | 'known'> {
  const [first] = rows;
  return { site: first?.site ?? '', enabled: first?.enabled ?? true, known: rows.every(({ known }) => known) };
}

function tightest(rooms: readonly Room[]): Room {
  const byFree = rooms.toSorted((a, b) => (a.free ?? Infinity) - (b.free ?? Infinity) || b.used - a.used);
  return byFree[0] ?? nothing;
}

function together(rooms: readonly Room[]): Room {
  const sum = (of: (room: Room) => number): number => rooms.reduce((total, room) => total + of(room), 0);
  const limit = rooms.every((room) => room.limit !== undefined) ? sum((room) => room.limit ?? 0) : undefined;
  const whole = roomOf(
    limit,
    sum((room) => room.used),
    sum((room) => room.pending),
  );
  // What one switch has left cannot be sold on another.
  return limit === undefined ? whole : { ...whole, free: sum((room) => room.free ?? 0) };
}

function grouped(rows: readonly CapacityRow[], nameOf: (row: CapacityRow) => string): CapacityRow[][] {
  const groups = new Map<string, CapacityRow[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
