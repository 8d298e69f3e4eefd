import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../support/property.js';
import { readLinkMessage, readLinkTrap } from '../../src/links/link-message.js';

const said = (message: string): unknown => readLinkMessage(message);

describe('a message about a link', () => {
  it.each([
    [
      '<165>Feb  6 09:42:36 veos01 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28, changed state to down',
      'Ethernet28',
      false,
    ],
    [
      '<165>Feb  6 08:27:14 veos01 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28 (to (us), changed state to down), changed state to up',
      'Ethernet28',
      true,
    ],
    [
      '<189>1432: test-switch1: Jun  1 12:50:26.172: %LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/2, changed state to down',
      'FastEthernet0/2',
      false,
    ],
    [
      '<189>117: a: May  9 12:49:27.098: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down',
      'GigabitEthernet2',
      undefined,
    ],
    [
      '<190>2018 Apr 20 13:15:07 nexus %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/33 is down (Link failure)',
      'Ethernet1/33',
      false,
    ],
    ['<190>x %ETHPORT-5-IF_UP: Interface Ethernet1/33 is up in mode trunk', 'Ethernet1/33', true],
    ['<190>x %ETHPORT-5-IF_ADMIN_UP: Interface Ethernet1/3 is admin up .', 'Ethernet1/3', undefined],
    [
      'mib2d[2424]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus down(2), ifOperStatus down(2), ifName xe-0/0/0',
      'xe-0/0/0',
      false,
    ],
    [
      '1 2026-01-01T00:00:00Z r mib2d 1 - - SNMP_TRAP_LINK_UP: ifIndex 502, ifAdminStatus up(1), ifOperStatus up(1), ifName xe-0/0/0.0',
      'xe-0/0/0.0',
      true,
    ],
  ])('is read out of %s', (message, name, up) => {
    expect(said(message)).toEqual({ interface: name, up });
  });

  it.each([
    '%LINEPROTO-5-UPDOWN: Line protocol on Interface , changed state to down',
    '%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1; reload, changed state to down',
    '%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1\n, changed state to down',
    '%BGP-5-ADJCHANGE: neighbor 192.0.2.1 Down',
    '',
  ])('is not read out of %j', (message) => {
    expect(said(message)).toBeUndefined();
  });

  it('is looked for in the first 1024 characters only, and no text takes long or throws', () => {
    const tail = '%ETHPORT-5-IF_UP: Interface Ethernet1/33 is up in mode trunk';
    expect(said(tail.padStart(1_024))).toBeDefined();
    expect(said(tail.padStart(3_000))).toBeUndefined();
    const pieces = fc.constantFrom(
      '%LINEPROTO-5-UPDOWN: Line protocol on Interface ',
      'Ethernet1',
      ' (',
      ')',
      ', changed state to ',
      'up',
      '%ETHPORT-5-IF_DOWN_',
      'A',
      '_',
      ' ',
      'SNMP_TRAP_LINK_UP: ifIndex ',
      '1',
      '\n',
      '\0',
      '\u202e',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 400 }), (texts) => {
        const found = readLinkMessage(texts.join(''));
        expect(found?.interface ?? 'none').toMatch(/^[A-Za-z][A-Za-z0-9/._:-]{0,63}$/);
      }),
      { numRuns: 2_000 },
    );
  });

  const realdata = join(process.cwd(), '../shared/realdata/syslog');
  const withRealdata = existsSync(realdata) ? it : it.skip;
  withRealdata('is found in every real message about a link, and in no other (../shared/realdata/syslog)', () => {
    const found = readdirSync(realdata)
      .filter((file) => /\.(?:msg|txt|log|raw)$/.test(file))
      .flatMap((file) => readFileSync(join(realdata, file), 'utf8').split('\n'))
      .flatMap((line) => {
        const message = readLinkMessage(line);
        const isAboutLink = /LINEPROTO|LINK-\d|ETHPORT-5-IF|SNMP_TRAP_LINK/.test(line);
        expect([line, message !== undefined]).toEqual([line, isAboutLink]);
        return message === undefined ? [] : [`${message.interface} ${message.up}`];
      });
    expect([...new Set(found)].sort()).toEqual([
      'Ethernet1/33 false',
      'Ethernet1/33 true',
      'Ethernet28 true',
      'FastEthernet0/2 true',
      'GigabitEthernet1 true',
      'GigabitEthernet2 true',
      'GigabitEthernet2 undefined',
      'TenGigE0/2/0/4 undefined',
      'ge-0/0/45 false',
      'ge-0/0/45 true',
    ]);
  });
});

describe('a trap about a link', () => {
  const down = { oid: '1.3.6.1.6.3.1.1.4.1.0', text: '1.3.6.1.6.3.1.1.5.3' };
  const up = { ...down, text: '1.3.6.1.6.3.1.1.5.4' };
  const index = { oid: '1.3.6.1.2.1.2.2.1.1.7', text: '7' };
  const descr = { oid: '1.3.6.1.2.1.2.2.1.2.7', text: 'Ethernet 7' };
  const name = { oid: '1.3.6.1.2.1.31.1.1.1.1.7', text: 'Ethernet7' };

  it('tells the interface by ifName, else by ifDescr, in whatever order, else none', () => {
    expect(readLinkTrap([down, index, descr, name])).toEqual({ interface: 'Ethernet7', up: false });
    expect(readLinkTrap([descr, index, up])).toEqual({ interface: 'Ethernet 7', up: true });
    expect(readLinkTrap([index, down])).toEqual({ interface: undefined, up: false });
  });

  it('is not any other trap', () => {
    expect(readLinkTrap([{ ...down, text: '1.3.6.1.6.3.1.1.5.1' }, name])).toBeUndefined();
    expect(readLinkTrap([])).toBeUndefined();
  });
});
