import type { ViolationDetected } from '../../events/index.js';
import { allFindings, reasonedRules, reasonOf, rules } from '../../projections/index.js';
import { basisOf } from '../../src/sensor/judge/judge-basis.js';
import { NotingMemories } from '../../src/sensor/judge/judge-memories.js';
import { detectionOf } from '../../src/sensor/judge/judge-verdict.js';
import { heardIn, ruleFixtures } from './rules/rule-fixtures.js';

const traffic = { windowMs: 10_000, frames: 900, askedAddresses: 400, claimedAddresses: 300, sources: 200 };

/** What the judge would store of the first frame that breaks a rule, out of frames that a tool or a kernel made. */
async function detectionBy(name: string): Promise<ViolationDetected> {
  const fixture = ruleFixtures[name];
  if (fixture === undefined) throw new Error(`no fixture for ${name}`);
  const homes = new Map<string, number>();
  const memories = new NotingMemories((serverId) => homes.get(serverId));
  const isFlood = name === 'neighbour-exhaustion' || name === 'neighbour-scan';
  for (const frame of await heardIn(fixture)) {
    const heard = isFlood ? { ...frame, traffic } : frame;
    memories.forgetNotes();
    const { found } = allFindings(heard, fixture.grants, memories);
    const one = found.find(({ rule }) => rule.name === name);
    const [owner] = fixture.grants.ownersOfMac(heard.etherSource);
    if (owner !== undefined && owner.port === heard.port) homes.set(owner.serverId, heard.frameTime);
    if (one === undefined) continue;
    const basis = basisOf(one.rule, heard, fixture.grants, memories.notesOf(one.rule));
    const { ordinal } = fixture.grants;
    return detectionOf({ violationId: 'v', found: one, alsoMatched: [], heard, ordinal, basis, isGroup: false });
  }
  throw new Error(`no frame breaks ${name}`);
}

const sentences: Readonly<Record<string, string>> = {
  'rogue-router-advertisement':
    'A router advertisement came from 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66): only the gateway may send one, and servers that believe it send their traffic elsewhere.',
  'rogue-redirect':
    'A redirect came from 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66): only the gateway may send one, and servers that believe it send their traffic elsewhere.',
  'gateway-impersonation':
    '198.51.100.1 is an address of the gateway, and 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66) said that it has it.',
  'dad-attack':
    '52:54:00:00:00:16 asked whether fe80::7777 is free, and 52:54:dc:82:09:b9 on leaf1, VLAN 16 answered: who asked may not use it.',
  'address-spoof':
    'Billing sold 198.51.100.16 to srv-16 of cust-16, which is on leaf1:Ethernet16 with 52:54:00:00:00:16, and 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66) claims it.',
  'neighbour-exhaustion':
    'In 10 s port leaf1:Ethernet66 (sold to srv-66 of cust-66) claimed 300 addresses with 200 MACs, which no server needs and which fills the neighbour tables of those around it.',
  'mac-flapping':
    '52:54:00:00:00:16 was heard on different ports in turns, last on port leaf1:Ethernet66; billing has it on leaf1:Ethernet16 for srv-16 of cust-16.',
  'mac-moved':
    'Billing has 52:54:00:00:00:16 on leaf1:Ethernet16 for srv-16 of cust-16, and it was heard on port leaf1:Ethernet66 (sold to srv-66 of cust-66).',
  'cancelled-server-alive':
    '52:54:00:00:00:16 belonged to srv-16, which billing removed at 2026-11-01T00:00:10.000Z, and it still sends on port leaf1:Ethernet16.',
  'vlan-mismatch': 'Billing sold port leaf1:Ethernet66 with VLAN 66, and 52:54:00:00:00:66 there speaks in VLAN 16.',
  'unsold-port-alive': 'Billing sold port leaf1:Ethernet21 to nobody, and 52:54:00:00:00:16 sends on it.',
  'source-inconsistent':
    'A frame came from 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66) and claims for 52:54:00:00:00:11: who speaks for itself names its own MAC in both places.',
  'duplicate-address': '198.51.100.77 is used by 52:54:00:00:00:66 on leaf1, VLAN 16 and by another MAC in turns.',
  'probable-nic-swap':
    'The link of port leaf1:Ethernet16 came back at 2026-11-26T04:52:56.395Z, and since then 52:54:00:00:ca:16 speaks there and 52:54:00:00:00:16, which billing knows, does not: probably a new card of which billing was not told.',
  'unknown-mac':
    'Billing knows no server with the MAC 52:54:00:00:00:99, which was heard on port leaf1:Ethernet16 (sold to srv-16 of cust-16); it has 52:54:00:00:00:16 there.',
  'mac-mismatch':
    'Billing binds 198.51.100.66 to 52:54:00:00:00:66, and 52:54:00:00:b6:66 on port leaf1:Ethernet66 claims it.',
  'unpaid-ipv4-in-use':
    'srv-16 of cust-16 gave 198.51.100.16 back at 2026-11-01T00:00:10.000Z, nobody has bought it since, and 52:54:00:00:00:16 on port leaf1:Ethernet16 (sold to srv-16 of cust-16) uses it.',
  'unassigned-address':
    'Billing sold 198.51.100.200 to nobody, and 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66) claims it.',
  'neighbour-scan':
    'In 10 s port leaf1:Ethernet66 (sold to srv-66 of cust-66) asked for 400 addresses: a server talks to a few neighbours, who asks for all of them is looking for them.',
};

describe('the reason of a violation', () => {
  it('is told for every rule', () => {
    expect([...reasonedRules].sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it.each(rules.map(({ name }) => name))(
    '%s: says in one sentence what was heard and what billing sold',
    async (name) => {
      expect(reasonOf(await detectionBy(name))).toBe(sentences[name]);
    },
  );

  it('states a port as fact only where the capture proves it', async () => {
    const guessed = { ...(await detectionBy('unassigned-address')), attribution: 'mac-table' as const };
    expect(reasonOf(guessed)).toContain('on leaf1, VLAN 66, perhaps port leaf1:Ethernet66');
  });

  it('says less where the basis is not there, is cut or is of another form, and never fails', async () => {
    for (const { name } of rules) {
      const whole = await detectionBy(name);
      for (const basis of ['[]', '{', '[null, [1], ["ownerOfAddress", 3, 4], ["remembered"]]', 'null', '["x"]']) {
        expect(reasonOf({ ...whole, basis })).toMatch(/^[^\n]{20,}\.$/);
      }
    }
    const spoof = await detectionBy('address-spoof');
    expect(reasonOf({ ...spoof, basis: '[]' })).toContain('Billing sold 198.51.100.16 to srv-16 of cust-16, and');
  });

  it('gives the words of the rule itself for one that nobody knows any more', async () => {
    const violation = { ...(await detectionBy('unknown-mac')), rule: 'of-old', detail: 'as it was said then' };
    expect(reasonOf(violation)).toBe('as it was said then');
  });
});
