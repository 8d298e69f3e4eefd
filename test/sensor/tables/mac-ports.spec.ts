import fc from '../../support/property.js';
import { parsePort, type PortId } from '../../../events/index.js';
import { MacPorts } from '../../../src/sensor/tables/mac-ports.js';

const port = (name: string): PortId => {
  const parsed = parsePort(`leaf1:${name}`);
  if (parsed === undefined) throw new Error(`${name} is no port`);
  return parsed;
};
const mac = (last: number): string => `52:54:00:00:00:${last.toString(16).padStart(2, '0')}`;

describe('the memory of MAC tables', () => {
  it('knows a MAC in the VLAN it was shown in, at the port of the newest table', () => {
    const ports = new MacPorts(60_000);
    ports.learn(mac(1), 16, port('Ethernet1'), 1000);
    ports.learn(mac(1), 17, port('Ethernet2'), 1000);
    ports.learn(mac(1), 16, port('Ethernet3'), 2000);
    expect(ports.portOf(mac(1), 16, 3000)).toBe('leaf1:Ethernet3');
    expect(ports.portOf(mac(1), 17, 3000)).toBe('leaf1:Ethernet2');
    expect(ports.portOf(mac(1), 18, 3000)).toBeUndefined();
    expect(ports.portOf(mac(1), undefined, 3000)).toBeUndefined();
    expect(ports.portOf(mac(2), 16, 3000)).toBeUndefined();
  });

  it('says nothing of a MAC that no table showed for too long', () => {
    const ports = new MacPorts(60_000);
    ports.learn(mac(1), 16, port('Ethernet1'), 1000);
    expect(ports.portOf(mac(1), 16, 61_000)).toBe('leaf1:Ethernet1');
    expect(ports.portOf(mac(1), 16, 61_001)).toBeUndefined();
  });

  it('never holds more than it may, and gives up the longest unread', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ last: fc.nat(20), vlan: fc.nat(3) }), { maxLength: 100 }), (shown) => {
        const ports = new MacPorts(1e9, 5);
        const order: string[] = [];
        shown.forEach(({ last, vlan }, at) => {
          ports.learn(mac(last), vlan + 1, port('Ethernet1'), at);
          const key = `${last}/${vlan}`;
          if (order.includes(key)) order.splice(order.indexOf(key), 1);
          order.push(key);
        });
        expect(ports.size).toBe(Math.min(5, order.length));
        const kept = new Set(order.slice(-5));
        for (const { last, vlan } of shown)
          expect(ports.portOf(mac(last), vlan + 1, 100) !== undefined).toBe(kept.has(`${last}/${vlan}`));
      }),
    );
  });
});
