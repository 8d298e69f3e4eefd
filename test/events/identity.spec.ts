import {
  interfaceOf,
  type Ipv6Address,
  parseCustomerId,
  parsePort,
  parseServerId,
  parseSwitchName,
  parseVlan,
  type PortId,
  switchOf,
} from '../../events/index.js';
import { field } from '../../events/vocabulary/fields.js';

describe('names and numbers', () => {
  it('a port is a switch and an interface, spelt as billing spells it', () => {
    const good = [
      'leaf1:Ethernet16',
      'leaf1:Ethernet1/1',
      'leaf-1.rack_2:xe-0/0/1:0.100',
      'leaf1:Port-Channel3',
      '1:1',
    ];
    for (const text of good) {
      const port = parsePort(text) as PortId;
      expect(port).toBe(text);
      expect(`${switchOf(port)}:${interfaceOf(port)}`).toBe(text);
    }
    const bad = [
      'leaf1',
      'leaf1:',
      ':Ethernet1',
      'Leaf1:Ethernet1',
      'leaf1:Ethernet 1',
      'leaf1:;reboot',
      'leaf1:../x',
      'leaf1:é',
      `leaf1:${'a'.repeat(64)}`,
      'leaf1:Ethernet1\n',
      5,
      null,
    ];
    expect(bad.map(parsePort)).toEqual(bad.map(() => undefined));
  });

  it('a VLAN is a whole number from 1 to 4094', () => {
    expect([1, 16, 4094].map(parseVlan)).toEqual([1, 16, 4094]);
    expect([0, 4095, -1, 1.5, '16', Number.NaN, null, undefined, true, [16]].map(parseVlan)).toEqual(
      Array(10).fill(undefined),
    );
  });

  it('an opaque id has no room for a name with blanks or for an e-mail address', () => {
    expect(['srv-1', 'A', '9f.b:c_d-e', 'a'.repeat(64)].map(parseServerId)).toEqual([
      'srv-1',
      'A',
      '9f.b:c_d-e',
      'a'.repeat(64),
    ]);
    expect(['', '-a', 'a b', 'a@b.example', 'a'.repeat(65), 'ä', 'a\n', 1].map(parseCustomerId)).toEqual(
      Array(8).fill(undefined),
    );
    expect(['leaf1', 'Leaf1', 'leaf 1', '-leaf'].map(parseSwitchName)).toEqual([
      'leaf1',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('a text has no controls, no turned reading direction and no half characters', () => {
    expect(['a', 'grün, 漢字 🙂', 'x'.repeat(500)].map(field.reason.parse)).toEqual([
      'a',
      'grün, 漢字 🙂',
      'x'.repeat(500),
    ]);
    const bad = [
      '',
      'a\nb',
      '\u0000',
      '\u007f',
      '\u0085',
      '\u009b31m',
      '\u2028',
      '\u202e',
      '\u2066',
      '\ud83d',
      'x'.repeat(501),
      5,
      null,
    ];
    expect(bad.map(field.reason.parse)).toEqual(bad.map(() => undefined));
  });

  it('what a frame carried is kept as heard, also where it could never be sold', () => {
    expect(field.frameAddress.parse('::FFFF:1.2.3.4')).toBe('::ffff:102:304' as Ipv6Address);
    expect(field.frameAddress.parse('0.0.0.0')).toBe('0.0.0.0');
    expect(field.frameMac.parse('FF:FF:FF:FF:FF:FF')).toBe('ff:ff:ff:ff:ff:ff');
    expect(field.frameAddress.parse('fe80::1%eth0')).toBeUndefined();
  });
});
