import fc from '../../support/property.js';
import { isIn, isPublic, listOf } from '../../../src/drivers/alert/public-address.js';

describe('an address', () => {
  it.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  );

  it.each([
    ...['0.1.2.3', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.9.9.9', '169.254.169.254', '172.31.255.255'],
    ...[
      '192.0.0.8',
      '192.0.2.1',
      '192.168.255.255',
      '198.19.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '240.0.0.1',
    ],
    ...[
      '::',
      '::1',
      '::ffff:8.8.8.8',
      '::8.8.8.8',
      '64:ff9b::808:808',
      '100::1',
      '2001::1',
      '2001:db8::1',
      '2002:808:808::',
    ],
    ...[
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fdff::1',
      'fe80::1',
      'fec0::1',
      'ff02::1',
      'public.example',
      '',
      '1.2.3',
      '::1%lo',
    ],
  ])('%s is not', (address) => expect(isPublic(address)).toBe(false));

  it('in IPv6 that carries an IPv4 address is never public, whichever it carries', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '::', '64:ff9b::', '64:ff9b:1::'), (inner, prefix) => {
        expect(isPublic(prefix + inner)).toBe(false);
      }),
    );
  });

  it('is in a list of its own family only', () => {
    const list = listOf(['127.0.0.0/8', 'fd00::7']);
    expect(['127.0.0.1', 'fd00::7'].every((one) => isIn(list, one))).toBe(true);
    expect(['::ffff:127.0.0.1', '::127.0.0.1', 'fd00::8', '128.0.0.1', 'x'].some((one) => isIn(list, one))).toBe(false);
  });
});
