import type { GatewayDeclared, IpAddress, MacAddress, PortId, SwitchName, Vlan } from '../../events/index.js';
import type { GatewayRow } from '../gateways.projection.js';
import type { LinkRow } from '../links.projection.js';
import type { SeenMacsRow } from '../seen-macs.projection.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

export const packedLinks: Packing<LinkRow> = {
  pack(row, into) {
    into.flag(row.up);
    into.time(row.time);
    into.ordinal(row.ordinal);
  },
  unpack: (key, from) => ({ port: key as PortId, up: from.flag(), time: from.time(), ordinal: from.ordinal() }),
};

export const packedSeenMacs: Packing<SeenMacsRow> = {
  pack({ sightings }, into) {
    packList(sightings, into, ({ vlan, mac, time, ordinal }) => {
      into.whole(vlan);
      into.text(mac);
      into.time(time);
      into.ordinal(ordinal);
    });
  },
  unpack: (key, from) => ({
    port: key as PortId,
    sightings: unpackList(from, () => ({
      vlan: from.whole() as Vlan,
      mac: from.text() as MacAddress,
      time: from.time(),
      ordinal: from.ordinal(),
    })),
  }),
};

/** Few, and made of lists: their words are kept as texts. */
export const packedGateways: Packing<GatewayRow> = {
  pack({ declaration }, into) {
    const { value } = declaration;
    into.stamp(declaration);
    into.flag(value !== undefined);
    if (value === undefined) return;
    into.flag(value.vlans !== undefined);
    if (value.vlans !== undefined) packList(value.vlans, into, (vlan) => into.whole(vlan));
    packList(value.addresses, into, (address) => into.text(address));
    packList(value.macs, into, (mac) => into.text(mac));
  },
  unpack(key, from) {
    const { time, ordinal } = from.stamp();
    const value = from.flag() ? declared(key as SwitchName, from) : undefined;
    return { switch: key as SwitchName, declaration: { value, time, ordinal } };
  },
};

function declared(name: SwitchName, from: RowReader): GatewayDeclared {
  const vlans = from.flag() ? unpackList(from, () => from.whole() as Vlan) : undefined;
  const addresses = unpackList(from, () => from.text() as IpAddress);
  const macs = unpackList(from, () => from.text() as MacAddress);
  return { switch: name, ...(vlans === undefined ? {} : { vlans }), addresses, macs };
}

function packList<Item>(list: readonly Item[], into: RowWriter, pack: (item: Item) => void): void {
  into.whole(list.length);
  for (const item of list) pack(item);
}

function unpackList<Item>(from: RowReader, unpack: () => Item): Item[] {
  const list: Item[] = [];
  for (let left = from.whole(); left > 0; left--) list.push(unpack());
  return list;
}
