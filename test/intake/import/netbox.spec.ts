import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDump } from '../../../src/intake/import/netbox/netbox-dump.js';
import { openNetbox } from '../../../src/intake/import/netbox/open-netbox.js';
import { readRecord } from '../../../src/intake/import/read-record.js';
import type { RowFile } from '../../../src/intake/import/row.js';
import { inPieces, now, rowsOf } from './rows-of.js';

const folder = process.env['PORTLEDGER_REALDATA'] ?? resolve('../shared/realdata');
const demo = join(folder, 'inventory', 'netbox-demo-data__json__netbox-demo-v3.6.json');

const created = '2024-01-01T00:00:00Z';
const object = (model: string, pk: number, fields: object): object => ({ model, pk, fields: { created, ...fields } });
const open = (objects: readonly object[]): Promise<RowFile> =>
  openNetbox('dump.json', inPieces(JSON.stringify(objects)));
const total = ({ fates = {} }: RowFile): number =>
  Object.values(fates)
    .flatMap((those) => Object.values(those))
    .reduce((sum, count) => sum + count, 0);

async function read(file: RowFile): Promise<unknown[]> {
  return (await rowsOf(file)).map((row) => {
    const said = readRecord(row, { now, since: undefined });
    return 'record' in said ? said.record : said.rejects.map(({ column, reason }) => `${column}: ${reason}`);
  });
}

const termination = (pk: number, cable: number, end: string, type: string, id: number): object =>
  object('dcim.cabletermination', pk, { cable, cable_end: end, termination_type: ['dcim', type], termination_id: id });

/** A server, its switch, and between them two patch panels back to back; in the fields that the demo data shows. */
const wired = [
  object('tenancy.tenant', 5, { name: 'Initech' }),
  object('dcim.devicerole', 4, { name: 'Access Switch', vm_role: false }),
  object('dcim.devicerole', 7, { name: 'Application Server', vm_role: true }),
  object('dcim.device', 1, { name: 'leaf1', role: 4, tenant: 5 }),
  object('dcim.device', 2, { name: null, role: 7, tenant: 5 }),
  object('ipam.vlan', 3, { vid: 11 }),
  object('dcim.interface', 10, {
    device: 1,
    name: 'Ethernet1',
    cable: 3,
    cable_end: 'B',
    mac_address: null,
    untagged_vlan: 3,
  }),
  object('dcim.interface', 20, {
    device: 2,
    name: 'eth0',
    cable: 1,
    cable_end: 'A',
    mac_address: '52:54:00:AA:00:01',
    untagged_vlan: null,
  }),
  object('dcim.rearport', 30, { cable: 2, cable_end: 'A' }),
  object('dcim.frontport', 31, { rear_port: 30, rear_port_position: 1, cable: 1, cable_end: 'B' }),
  object('dcim.rearport', 40, { cable: 2, cable_end: 'B' }),
  object('dcim.frontport', 41, { rear_port: 40, rear_port_position: 1, cable: 3, cable_end: 'A' }),
  termination(1, 1, 'A', 'interface', 20),
  termination(2, 1, 'B', 'frontport', 31),
  termination(3, 2, 'A', 'rearport', 30),
  termination(4, 2, 'B', 'rearport', 40),
  termination(5, 3, 'A', 'frontport', 41),
  termination(6, 3, 'B', 'interface', 10),
  object('ipam.ipaddress', 50, {
    address: '198.51.100.1/24',
    assigned_object_type: ['dcim', 'interface'],
    assigned_object_id: 20,
  }),
  object('ipam.ipaddress', 51, {
    address: '2001:db8::1/64',
    assigned_object_type: ['dcim', 'interface'],
    assigned_object_id: 20,
  }),
  object('ipam.ipaddress', 52, { address: '192.0.2.1/24', assigned_object_type: null, assigned_object_id: null }),
];

describe('a dump of NetBox', () => {
  it('becomes servers with port, VLAN, MAC and addresses, followed through patch panels', async () => {
    const file = await open(wired);
    expect(await read(file)).toEqual([
      {
        serverId: 'device-2',
        customerId: 'tenant-5',
        port: 'leaf1:Ethernet1',
        vlan: 11,
        mac: '52:54:00:aa:00:01',
        linkLocal: undefined,
        prefixes: undefined,
        addOns: [{ id: 'ip-50', address: '198.51.100.1' }],
        since: Date.parse(created),
      },
    ]);
    expect(total(file)).toBe(wired.length);
    expect(file.fates).toMatchObject({
      'dcim.device': { 'a server': 1, 'its role is not one of servers (vm_role)': 1 },
      'dcim.interface': { 'the interface of a server': 1, 'the port of a server': 1 },
      'ipam.ipaddress': {
        'an add-on': 1,
        'an IPv6 address says no prefix sold': 1,
        'assigned to no interface of a server': 1,
      },
    });
  });

  it('takes a virtual machine for a server at the port of its host, with its own VLAN', async () => {
    const machine = object('virtualization.virtualmachine', 9, { name: 'vm1', tenant: 5, device: 2, role: 7 });
    const vlan = object('ipam.vlan', 4, { vid: 12 });
    const own = object('virtualization.vminterface', 8, {
      virtual_machine: 9,
      mac_address: '52:54:00:00:00:09',
      untagged_vlan: 4,
    });
    const trunk = wired.map((one) => {
      const { fields, pk } = one as { fields: object; pk: number };
      return pk === 10 ? { ...one, fields: { ...fields, untagged_vlan: null } } : one;
    });
    const records = await read(await open([...trunk, machine, vlan, own]));
    expect(records[1]).toMatchObject({ serverId: 'vm-9', port: 'leaf1:Ethernet1', vlan: 12, mac: '52:54:00:00:00:09' });
  });

  it('follows a loop of cables to its end, and to no port', async () => {
    const looped = wired.map((one) => {
      const { model, pk, fields } = one as { model: string; pk: number; fields: object };
      return model === 'dcim.cabletermination' && pk === 6
        ? { model, pk, fields: { ...fields, termination_type: ['dcim', 'rearport'], termination_id: 30 } }
        : one;
    });
    expect(await read(await open(looped))).toEqual([expect.arrayContaining([expect.stringMatching(/^port: /)])]);
  });

  it.each([
    ['text', 'no JSON'],
    ['{}', 'expected a list'],
    ['[{"model":"x"}]', 'object 1 has no model and fields'],
    ['[null]', 'object 1 has no model and fields'],
  ])('is not taken for %s', (text, problem) => {
    expect(readDump(text)).toEqual({ problem: expect.stringContaining(problem) as string });
  });

  if (!existsSync(demo)) {
    const missing = `skipped: no inventory in ${folder}; set PORTLEDGER_REALDATA to the folder that holds inventory/`;
    console.log(missing);
    it.skip(missing, () => undefined);
    return;
  }

  it('of the demo data is accounted for object by object, and says of each server what it lacks', async () => {
    const text = readFileSync(demo, 'utf8');
    const objects = JSON.parse(text) as { model: string }[];
    const file = await openNetbox('demo.json', inPieces(text));
    expect(total(file)).toBe(objects.length);
    for (const [model, those] of Object.entries(file.fates ?? {}))
      expect([model, Object.values(those).reduce((sum, count) => sum + count, 0)]).toEqual([
        model,
        objects.filter((one) => one.model === model).length,
      ]);
    expect(file.fates?.['dcim.device']).toEqual({ 'a server': 1, 'its role is not one of servers (vm_role)': 71 });
    expect(file.fates?.['virtualization.virtualmachine']).toEqual({ 'a server': 180 });
    const records = await read(file);
    expect(records).toHaveLength(181);
    // Nobody cabled, numbered or sold any of them there.
    for (const one of records)
      expect((one as string[]).map((reason) => reason.split(':')[0])).toEqual(['customer', 'port', 'vlan']);
  });
});
