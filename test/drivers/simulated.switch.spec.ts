import type { IpAddress, MacAddress } from '../../events/index.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import type { NeighbourChange, NeighbourEntry } from '../../src/drivers/switch/switch.port.js';

const entry = (number: number, mac = '52:54:00:00:00:16'): NeighbourEntry => ({
  interface: 'vlan16',
  address: `198.51.100.${number}` as IpAddress,
  mac: mac as MacAddress,
});
const set = (number: number, mac?: string): NeighbourChange => ({ change: 'set', entry: entry(number, mac) });
const remove = (number: number): NeighbourChange => ({ change: 'remove', entry: entry(number) });

describe('the table of a simulated switch', () => {
  let device: SimulatedSwitch;
  beforeEach(() => {
    device = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan16: [] }, room: 2 });
  });
  const addresses = (): string[] => device.entries().map(({ address }) => address);

  it('takes no more than it holds, says so, and does the rest', async () => {
    const push = device.apply([set(1), set(2), set(3), set(4)]);
    await expect(push).rejects.toThrow(
      /2 of 4 changes were refused .*198\.51\.100\.3 vlan16: its table is full with 2/,
    );
    expect(addresses()).toEqual(['198.51.100.1', '198.51.100.2']);
  });

  it('takes what only changes an entry, and what another one made room for', async () => {
    await device.apply([set(1), set(2), set(2, '52:54:00:00:00:17')]);
    expect(device.entries()[1]?.mac).toBe('52:54:00:00:00:17');
    await device.apply([remove(1), set(3)]);
    expect(addresses()).toEqual(['198.51.100.2', '198.51.100.3']);
  });

  it('is filled by somebody who types as well, who is told so', async () => {
    device.handSet(entry(1));
    device.handSet(entry(2));
    expect(() => device.handSet(entry(3))).toThrow(/the table of leaf1 is full with 2 entries; remove one first/);
    await expect(device.apply([set(3)])).rejects.toThrow(/is full/);
    expect(addresses()).toEqual(['198.51.100.1', '198.51.100.2']);
  });

  it('holds any number where nobody said how many', async () => {
    const wide = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan16: [] } });
    await wide.apply(Array.from({ length: 200 }, (_, number) => set(number)));
    expect(wide.entries()).toHaveLength(200);
  });
});
