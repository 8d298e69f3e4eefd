import type { Observation } from '../../../projections/index.js';
import { BoundedMemory } from '../../../projections/rules/rule-memory.js';
import { dadAttack } from '../../../projections/rules/dad-attack.rule.js';
import {
  gatewayMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  rack,
  shownBySwitch,
  strangeMac,
} from './rack.js';

describe('dad-attack', () => {
  const grants = grantsOf(rack);
  const sold = '2001:db8:16::77';
  const start = heardOn(16, {}).frameTime;
  const on16 = (etherSource: string, more: Partial<Observation>, afterMs = 1): Observation =>
    heardSomewhere(16, { etherSource, frameTime: start + afterMs, ...more });
  const asks = (claimedAddress = sold, etherSource: string = mac16, afterMs = 0): Observation =>
    on16(etherSource, { kind: 'neighbour-solicitation', claimedAddress, tentative: true }, afterMs);
  const answers = (claimedAddress = sold, etherSource = strangeMac, afterMs = 1): Observation =>
    on16(etherSource, { kind: 'neighbour-advertisement', claimedAddress }, afterMs);
  const judgeAll = (...heard: Observation[]) => {
    const memory = new BoundedMemory(dadAttack.memory?.entries ?? 0);
    return heard.map((observation) => dadAttack.judge(observation, grants, memory)).filter((one) => one !== undefined);
  };

  it('fires when somebody answers the detection of another, and names both', () => {
    expect(judgeAll(asks(), answers())).toMatchObject([{ offendingMac: strangeMac, victim: { serverId: 'srv-16' } }]);
  });

  it('fires for a link-local too, and names the server that asked as victim', () => {
    expect(judgeAll(asks('fe80::77'), answers('fe80::77'))).toMatchObject([{ victim: { serverId: 'srv-16' } }]);
  });

  it('fires when another one asks for the same address at the same time, which both then give up', () => {
    expect(judgeAll(asks(), asks(sold, strangeMac, 5))).toHaveLength(1);
  });

  it("fires on the asker's own MAC in an answer that comes from another", () => {
    expect(judgeAll(asks(), { ...answers(), claimedMac: mac16 })).toMatchObject([{ offendingMac: strangeMac }]);
  });

  it('fires on an answer to the probe of IPv4 (RFC 5227)', () => {
    const probe = on16(mac16, { kind: 'arp-request', askedAddress: '198.51.100.16' }, 0);
    expect(judgeAll(probe, on16(strangeMac, { claimedAddress: '198.51.100.16' }))).toHaveLength(1);
    expect(judgeAll(probe, on16(strangeMac, { kind: 'arp-request', askedAddress: '198.51.100.16' }))).toEqual([]);
  });

  it('fires on the answer of a server on another port of the VLAN, where ports are proven', () => {
    const asked = { ...heardOn(16, { claimedAddress: sold, tentative: true, kind: 'neighbour-solicitation' }) };
    const answered = { ...heardOn(66, { claimedAddress: sold, kind: 'neighbour-advertisement' }), vlan: asked.vlan };
    expect(judgeAll(asked, answered as Observation)).toMatchObject([{ offender: { serverId: 'srv-66' } }]);
  });

  it.each([
    ['detection that nobody answers, and its retries', [asks(), asks(sold, mac16, 1000), asks(sold, mac16, 2000)]],
    ['the asker itself, once the address is its own', [asks(), answers(sold, mac16, 1000)]],
    ['the owner that defends its address', [asks('2001:db8:16::9', strangeMac), answers('2001:db8:16::9', mac16)]],
    ['the bound MAC that defends its link-local', [asks('fe80::9', strangeMac), answers('fe80::9', mac16)]],
    ['the gateway that defends its own', [asks('fe80::1'), answers('fe80::1', gatewayMac)]],
    ['an answer without a question', [answers()]],
    ['a claim long after', [asks(), answers(sold, strangeMac, 7_001)]],
    [
      'the same address on another VLAN',
      [asks('fe80::77'), heardSomewhere(66, { etherSource: mac66, claimedAddress: 'fe80::77' })],
    ],
    [
      'private addresses, which hosts pick at random',
      [
        on16(mac16, { kind: 'arp-request', askedAddress: '169.254.7.9' }, 0),
        on16(strangeMac, { claimedAddress: '169.254.7.9' }),
      ],
    ],
    [
      'a row of a table',
      [
        asks(),
        shownBySwitch('nd-table', { etherSource: strangeMac, claimedAddress: sold, vlan: heardOn(16, {}).vlan }),
      ],
    ],
  ] as const)('stays silent on %s', (_name, heard) =>
    expect(judgeAll(...(heard as readonly Observation[]))).toEqual([]),
  );

  it('remembers no more than it declares, the latest', () => {
    const memory = new BoundedMemory(2);
    for (const address of ['fe80::a', 'fe80::b', 'fe80::c']) dadAttack.judge(asks(address), grants, memory);
    expect(memory.size).toBe(2);
    expect(dadAttack.judge(answers('fe80::a'), grants, memory)).toBeUndefined();
    expect(dadAttack.judge(answers('fe80::c'), grants, memory)).toBeDefined();
  });
});
