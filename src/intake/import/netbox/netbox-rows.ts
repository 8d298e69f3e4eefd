import type { Column } from '../columns.js';
import type { Fates, Row } from '../row.js';
import { Cabling, modelOf } from './cabling.js';
import { nameOf, type NetboxDump, type NetboxObject } from './netbox-dump.js';

export interface NetboxServers {
  readonly rows: readonly Row[];
  readonly fates: Fates;
}

/** The models that say something of a server; every other is of a kind that the map does not know. */
const notOurs = 'says nothing that the map knows';

/**
 * The servers of a dump: each virtual machine, and each device whose role may be held by a virtual machine (`vm_role`).
 * The far end of the one cable of a server is its port; the VLAN is the untagged one of that port, else of the server's own interface.
 */
export function serversOf(dump: NetboxDump): NetboxServers {
  const fates = new Map<NetboxObject, string>();
  const cabling = new Cabling(dump);
  const addresses = byOwner(dump, 'ipam.ipaddress', (one) => {
    const model = modelOf(one.fields['assigned_object_type']);
    return model === '' ? undefined : `${model} ${String(one.fields['assigned_object_id'])}`;
  });
  const interfaces = byOwner(dump, 'dcim.interface', ({ fields }) => `dcim.device ${String(fields['device'])}`);
  const virtual = byOwner(
    dump,
    'virtualization.vminterface',
    ({ fields }) => `virtualization.virtualmachine ${String(fields['virtual_machine'])}`,
  );
  const rows: Row[] = [];
  const add = (server: NetboxObject, own: readonly NetboxObject[], host: NetboxObject | undefined): void => {
    const wired = host === undefined ? own : (interfaces.get(nameOf(host)) ?? []);
    rows.push(rowOf(server, own, wired, rows.length + 1));
  };
  for (const device of dump.all('dcim.device')) {
    const role = dump.get('dcim.devicerole', device.fields['role']);
    if (role?.fields['vm_role'] === true) add(device, interfaces.get(nameOf(device)) ?? [], undefined);
    else fates.set(device, 'its role is not one of servers (vm_role)');
  }
  for (const machine of dump.all('virtualization.virtualmachine')) {
    const host = dump.get('dcim.device', machine.fields['device']);
    add(machine, virtual.get(nameOf(machine)) ?? [], host ?? machine);
  }
  return { rows, fates: counted(dump, fates) };

  function rowOf(
    server: NetboxObject,
    own: readonly NetboxObject[],
    wired: readonly NetboxObject[],
    number: number,
  ): Row {
    fates.set(server, 'a server');
    const peers = wired.flatMap((one) => cabling.peerOf(one) ?? []);
    const [peer, ...morePeers] = peers;
    const sold = own.flatMap((one) => addresses.get(nameOf(one)) ?? []);
    const ipv4 = sold.filter((one) => !String(one.fields['address']).includes(':'));
    for (const one of own) fates.set(one, 'the interface of a server');
    for (const one of sold) fates.set(one, ipv4.includes(one) ? 'an add-on' : 'an IPv6 address says no prefix sold');
    if (peer !== undefined && morePeers.length === 0) fates.set(peer, 'the port of a server');
    const macs = [...new Set(own.flatMap(({ fields }) => textOf(fields['mac_address']) ?? []))];
    const tenant = dump.get('tenancy.tenant', server.fields['tenant']);
    if (tenant !== undefined) fates.set(tenant, 'a customer');
    const vlan = vlanOf(morePeers.length === 0 ? [...(peer ? [peer] : []), ...own] : own);
    if (vlan !== undefined) fates.set(vlan, 'the VLAN of a server');
    const fields = new Map<Column, unknown>([
      ['server', `${server.model === 'dcim.device' ? 'device' : 'vm'}-${server.pk}`],
      ['customer', tenant && `tenant-${tenant.pk}`],
      ['port', morePeers.length === 0 ? portOf(peer) : undefined],
      ['vlan', vlan?.fields['vid']],
      ['mac', macs.length === 1 ? macs[0] : undefined],
      ['ipv4', ipv4.map((one) => `ip-${one.pk}=${String(one.fields['address']).split('/', 1)[0]}`)],
      ['since', server.fields['created']],
    ]);
    const row = { number, place: nameOf(server), fields, original: originalOf(fields), bytesRead: 0 };
    if (macs.length > 1) return { ...row, problem: `${macs.length} MACs, and nothing says which is the server's` };
    return morePeers.length > 0 ? { ...row, problem: `cables to ${peers.length} interfaces, expected one` } : row;
  }

  function vlanOf(those: readonly NetboxObject[]): NetboxObject | undefined {
    return those.map(({ fields }) => dump.get('ipam.vlan', fields['untagged_vlan'])).find((one) => one !== undefined);
  }

  function portOf(peer: NetboxObject | undefined): string | undefined {
    const device = peer && dump.get('dcim.device', peer.fields['device']);
    const [switchName, name] = [textOf(device?.fields['name']), textOf(peer?.fields['name'])];
    return switchName === undefined || name === undefined ? undefined : `${switchName}:${name}`;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** As JSON lines have it: what is left out here can be filled in there. */
function originalOf(fields: ReadonlyMap<Column, unknown>): Record<string, unknown> {
  return Object.fromEntries([...fields].map(([name, value]) => [name, value ?? null]));
}

function byOwner(
  dump: NetboxDump,
  model: string,
  ownerOf: (one: NetboxObject) => string | undefined,
): Map<string, NetboxObject[]> {
  const found = new Map<string, NetboxObject[]>();
  for (const one of dump.all(model)) {
    const owner = ownerOf(one);
    if (owner === undefined) continue;
    const those = found.get(owner) ?? [];
    those.push(one);
    found.set(owner, those);
  }
  return found;
}

const unused: Readonly<Record<string, string>> = {
  'dcim.interface': 'neither of a server nor the port of one',
  'ipam.ipaddress': 'assigned to no interface of a server',
  'ipam.vlan': 'untagged at no port of a server',
  'ipam.prefix': 'a prefix of a network, sold to no server',
  'tenancy.tenant': 'has no server',
};

/** Every object once. */
function counted({ objects }: NetboxDump, fates: ReadonlyMap<NetboxObject, string>): Fates {
  const counts: Record<string, Record<string, number>> = {};
  for (const one of objects) {
    const fate = fates.get(one) ?? unused[one.model] ?? notOurs;
    const those = (counts[one.model] ??= {});
    those[fate] = (those[fate] ?? 0) + 1;
  }
  return counts;
}
