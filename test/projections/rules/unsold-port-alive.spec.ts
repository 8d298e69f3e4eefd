import { unsoldPortAlive } from '../../../projections/rules/unsold-port-alive.rule.js';
import {
  grantsOf,
  heardOn,
  heardSomewhere,
  noMemory,
  rack,
  shownBySwitch,
  sold,
  strangeMac,
  type Told,
} from './rack.js';

describe('unsold-port-alive', () => {
  const judge = (observation: Parameters<typeof unsoldPortAlive.judge>[0], told: readonly Told[] = rack) =>
    unsoldPortAlive.judge(observation, grantsOf(told), noMemory);

  it('fires on whatever comes in on a port without a server', () => {
    expect(judge(heardOn(21, { kind: 'router-solicitation' }))).toMatchObject({
      offendingMac: strangeMac,
      detail: `${strangeMac} sends on leaf1:Ethernet21 VLAN 21, which was sold to nobody`,
    });
  });

  it('fires on the port of a server that was removed, moved away or never added', () => {
    expect(judge(heardOn(16, {}), [...rack, ['ServerRemoved', { serverId: 'srv-16' }]])).toBeDefined();
    expect(
      judge(heardOn(16, {}), [...rack, ['ServerMoved', { serverId: 'srv-16', port: 'leaf1:Ethernet40', vlan: 16 }]]),
    ).toBeDefined();
    expect(judge(heardOn(16, {}), sold(66))).toBeDefined();
  });

  it('waits for billing, and is silent once somebody was sold the port', () => {
    expect(unsoldPortAlive.mayBeInFlight).toBe(true);
    const racked: Told[] = [
      ...rack,
      ['ServerAdded', { serverId: 'srv-21', customerId: 'c', port: 'leaf1:Ethernet21', vlan: 21 }],
    ];
    expect(judge(heardOn(21, {}), racked)).toBeUndefined();
  });

  it('stays silent on a sold port, whatever MAC it shows, also while its server is suspended', () => {
    expect(judge(heardOn(16, { etherSource: strangeMac }))).toBeUndefined();
    expect(judge(heardOn(16, {}), [...rack, ['ServerSuspended', { serverId: 'srv-16' }]])).toBeUndefined();
  });

  it('stays silent where the port is not proven: mirrors, and MAC tables that show uplinks', () => {
    expect(judge(heardSomewhere(21, { etherSource: strangeMac }))).toBeUndefined();
    const row = { etherSource: strangeMac, port: heardOn(21, {}).port };
    expect(judge(shownBySwitch('mac-table', row))).toBeUndefined();
  });
});
