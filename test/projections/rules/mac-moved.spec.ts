import { macMoved } from '../../../projections/rules/mac-moved.rule.js';
import {
  gatewayMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  noMemory,
  rack,
  shownBySwitch,
  sold,
  strangeMac,
  type Told,
} from './rack.js';

describe('mac-moved', () => {
  const judge = (observation: Parameters<typeof macMoved.judge>[0], told: readonly Told[] = rack) =>
    macMoved.judge(observation, grantsOf(told), noMemory);
  const port66 = heardOn(66, {}).port;

  it('fires on the MAC of a server that billing has on another port, and names both', () => {
    expect(judge(heardOn(66, { etherSource: mac16 }))).toMatchObject({
      offendingMac: mac16,
      offender: { serverId: 'srv-66' },
      victim: { serverId: 'srv-16' },
    });
    expect(judge(heardOn(21, { etherSource: mac16 }))).toMatchObject({ offender: undefined });
  });

  it('fires where a MAC table shows the MAC on a port sold to another, and blames nobody', () => {
    const row = shownBySwitch('mac-table', { etherSource: mac16, port: port66, vlan: heardOn(66, {}).vlan });
    expect(judge(row)).toMatchObject({ offender: undefined, victim: { serverId: 'srv-16' } });
  });

  it('fires on another VLAN of its own switch where the port is not proven', () => {
    expect(judge(heardSomewhere(66, { etherSource: mac16 }))).toBeDefined();
    expect(judge(heardSomewhere(16, { etherSource: mac16 }))).toBeUndefined();
  });

  it('waits for billing, and is silent once the move is known: RARP after a migration', () => {
    const announced = heardOn(66, { kind: 'arp-other', etherSource: mac16 });
    expect(macMoved.mayBeInFlight).toBe(true);
    expect(judge(announced)).toBeDefined();
    const moved: Told[] = [...rack, ['ServerMoved', { serverId: 'srv-16', port: 'leaf1:Ethernet66', vlan: 16 }]];
    expect(judge(announced, moved)).toBeUndefined();
  });

  it.each([
    ['the MAC at home', heardOn(16, {})],
    ['a MAC nobody has', heardOn(66, { etherSource: strangeMac })],
    ["the gateway's MAC", heardOn(66, { etherSource: gatewayMac })],
    [
      'a row of an uplink, which was sold to nobody',
      shownBySwitch('mac-table', { etherSource: mac16, port: 'leaf1:Ethernet49' as never }),
    ],
    [
      'a server of another switch on an uplink',
      { ...heardSomewhere(66, { etherSource: mac16 }), switch: 'leaf2' as never },
    ],
    ['another MAC in the claim alone', heardOn(66, { claimedMac: mac16 })],
  ])('stays silent on %s', (_name, observation) => expect(judge(observation)).toBeUndefined());

  it('stays silent on a MAC that two servers have, at either port', () => {
    const told = [...sold(16), ...sold(66, { mac: mac16 })];
    expect(judge(heardOn(66, { etherSource: mac16 }), told)).toBeUndefined();
    expect(judge(heardOn(16, {}), told)).toBeUndefined();
    expect(judge(heardOn(11, { etherSource: mac66 }), rack)).toBeDefined();
  });
});
