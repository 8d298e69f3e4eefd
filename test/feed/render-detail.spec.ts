import { renderDetail } from '../../src/feed/render-detail.js';
import type { ViolationDetail } from '../../src/feed/violation-detail.js';

const hostile = 'x\u001b[2J\r\n\u202eforged\u009b31m\u2028<script>alert(1)</script>';

const detail = (text: string): ViolationDetail =>
  ({
    violation: {
      violationId: 'v1',
      rule: 'address-spoof',
      severity: 'high',
      state: 'new',
      count: 42,
      firstSeen: '2026-11-02T00:00:00.000Z',
      lastSeen: '2026-11-02T03:14:00.000Z',
      renumbering: {
        renumberingId: 'rn-1',
        serverId: 'srv-66',
        from: '2001:db8:66::/64',
        to: '2001:db8:1066::/48',
        prefix: 'old',
        state: 'finished',
      },
    },
    why: `Billing sold ${text} to nobody.`,
    day: { frames: [...Array<number>(22).fill(0), 1, 8], until: '2026-11-02T04:00:00.000Z', exact: false },
    offender: {
      isFact: true,
      serverId: 'srv-66',
      customerId: 'cust-66',
      port: `leaf1:${text}`,
      switch: 'leaf1',
      macs: [{ mac: '00:1c:73:00:00:01', as: 'both', vendor: { kind: 'assigned', vendor: text } }],
    },
    victim: {
      serverId: 'srv-16',
      now: { state: 'active', port: 'leaf1:Ethernet16', addresses: ['198.51.100.16'], prefixes: [], link: 'up' },
    },
    customer: { customerId: text, since: '2026-10-03T00:00:00.000Z', count: 3, violations: [] },
    evidence: { frames: 10, sha256: 'a', href: '/v1/violations/v1/evidence' },
    devices: {
      ofVictim: [{ device: 'sw1', switch: 'leaf1', mode: 'enforce', entries: [text], missing: [], confirmed: true }],
      ofOffender: [],
      guards: [{ device: 'sw1', port: 'leaf1:Ethernet66', effect: 'drops', frames: 7 }],
      written: {
        lines: [
          {
            device: 'sw1',
            at: '2026-11-02T00:00:00.000Z',
            change: 'add',
            kind: 'neighbour',
            line: text,
            serverId: 'srv-16',
            readBack: 'present',
          },
        ],
        complete: true,
      },
    },
    sensor: { name: 'e66', state: 'silent', reason: text },
    containment: { serverId: 'srv-66', state: 'refused', requestedAt: '2026-11-02T03:20:00.000Z', reason: text },
  }) as unknown as ViolationDetail;

describe('the detail on a terminal', () => {
  it('tells what is known, line by line', () => {
    expect(renderDetail(detail('it')).split('\n')).toEqual([
      'violation   v1  high  address-spoof  new',
      'why         Billing sold it to nobody.',
      'heard       42 frames from 2026-11-02T00:00:00Z to 2026-11-02T03:14:00Z by e66 (silent: it)',
      'last 24 h   ······················▁█ (about)',
      'by          srv-66 of cust-66 on leaf1:it',
      '            00:1c:73:00:00:01 (both): it',
      'against     srv-16 on leaf1:Ethernet16, sold 198.51.100.16',
      'renumbering 2001:db8:66::/64 is the old prefix of srv-66, which goes to 2001:db8:1066::/48: finished (portledger renumber show rn-1)',
      'customer    it: 3 other violations in 30 days',
      'evidence    10 frames: /v1/violations/v1/evidence',
      'device      sw1 (enforce): it, confirmed',
      'guard       sw1 drops at leaf1:Ethernet66: 7 frames',
      'written     2026-11-02T00:00:00Z sw1 + it (present)',
      'containment srv-66 refused: it (asked 2026-11-02T03:20:00Z)',
    ]);
  });

  it('lets no character of the log act on the terminal, nor begin a line of its own', () => {
    const lines = renderDetail(detail(hostile)).split('\n');
    expect(lines).toHaveLength(renderDetail(detail('it')).split('\n').length);
    // oxlint-disable-next-line no-control-regex
    for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  });

  it('says what is not known', () => {
    const rest = {
      ...detail('it'),
      victim: undefined,
      evidence: undefined,
      customer: undefined,
    } as unknown as ViolationDetail;
    const offender = { ...rest.offender, isFact: false, mayBe: ['srv-66'] };
    const text = renderDetail({ ...rest, offender, sensor: { name: 'gone' } });
    expect(text).toContain('by          not known for a fact; perhaps srv-66, leaf1:it');
    expect(text).toContain('against     nobody in particular');
    expect(text).toContain('evidence    none kept');
    expect(text).toContain('by gone (not known to this engine)');
  });
});
