import { isDeepStrictEqual } from 'node:util';
import fc from '../../support/property.js';
import { join } from 'node:path';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { printDecodedFrame } from '../../../src/sensor/capture/frame-printer.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { ETHERNET } from '../../../src/sensor/capture/link-type.js';
import { type NdOption, ndOptions, ndOptionText } from '../../../src/sensor/capture/nd-options.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import { realdata } from './capture-files.js';
import { arp, captured, ethernet, hexBytes, icmpv6, serverAddress, sourceOption } from './frames.js';

const advertisementFields = '40 00 0708 00000000 00000000';
const text = (ascii: string): string => Buffer.from(ascii, 'latin1').toString('hex');

function optionsOf(frame: Uint8Array): readonly NdOption[] | undefined {
  const fields = new FrameFields();
  readFrame(frame, 0, frame.length, ETHERNET, fields);
  return ndOptions(frame, fields);
}

/** The options, in hex, of a router advertisement. */
const advertised = (options: string): readonly NdOption[] | undefined =>
  optionsOf(icmpv6(134, advertisementFields + options));

describe('the options of an ND message', () => {
  it.each<[string, string, NdOption['fields']]>([
    ['source-link-layer', sourceOption('525400000016'), { mac: '52:54:00:00:00:16' }],
    [
      'prefix-information',
      `03 04 40 c0 00015180 00003840 00000000 20010db8001600000000000000000000`,
      {
        prefix: '2001:db8:16::/64',
        onLink: true,
        autonomous: true,
        routerAddress: false,
        validSeconds: 86_400,
        preferredSeconds: 14_400,
      },
    ],
    ['mtu', '05 01 0000 000005dc', { mtu: 1500 }],
    ['nonce', '0e 01 c8d6ec8c9d54', { nonce: 'c8d6ec8c9d54' }],
    ['timestamp', '0d 02 000000000000 0001 00000002 8000', { seconds: 4_294_967_298, fraction: 0.5 }],
    [
      'route-information',
      '18 02 30 08 00000258 20010db800160000',
      { prefix: '2001:db8:16::/48', preference: 'high', lifetimeSeconds: 600 },
    ],
    [
      'route-information',
      '18 01 00 18 ffffffff',
      { prefix: '::/0', preference: 'low', lifetimeSeconds: 4_294_967_295 },
    ],
    ['rdnss', `19 03 0000 00000258 ${serverAddress}`, { servers: ['2001:db8:16::1'], lifetimeSeconds: 600 }],
    [
      'dnssl',
      `1f 03 0000 0000003c 03${text('lan')}00 02${text('a b')}`.slice(0, -2) + `00`.repeat(8),
      { domains: ['lan', 'a\\032'], lifetimeSeconds: 60 },
    ],
    ['captive-portal', `25 02 ${text('https://a/')}1b000000`, { uri: 'https://a/\\027' }],
    ['pref64', '26 02 0258 0064ff9b 0000000000000000', { prefix: '64:ff9b::/96', lifetimeSeconds: 600 }],
  ])('tell of %s what its RFC says (%s)', (name, bytes, fields) => {
    const [option, ...more] = advertised(bytes) ?? [];
    expect(more).toEqual([]);
    expect(option).toEqual({ type: hexBytes(bytes)[0], length: hexBytes(bytes).length, name, fields });
  });

  it('tell whose packet a redirect quotes', () => {
    const quoted = `60000000 0000 3a ff ${serverAddress} 20010db8000000000000000000000053`;
    const frame = icmpv6(137, `00000000 ${serverAddress} ${serverAddress} 04 06 000000000000 ${quoted}`);
    expect(optionsOf(frame)).toMatchObject([
      {
        name: 'redirected-header',
        length: 48,
        fields: {
          quotedBytes: 40,
          quotedSource: '2001:db8:16::1',
          quotedDestination: '2001:db8::53',
          quotedNextHeader: 58,
        },
      },
    ]);
  });

  it('are listed in their order, an unknown one by number and bytes', () => {
    const [first, second] = advertised(`c8 02 ${'00'.repeat(14)} 05 01 0000 000005dc`) ?? [];
    expect(first).toEqual({ type: 200, length: 16 });
    expect(second).toMatchObject({ type: 5 });
    expect([first, second].map((one) => one && ndOptionText(one))).toEqual(['option 200 of 16 bytes', 'mtu 1500']);
  });

  it.each([
    ['05 00 0000 00000000', 'mtu 5 of 0 bytes: length 0'],
    ['05 02 0000 000005dc', 'mtu 5 of 16 bytes: only 8 bytes left'],
    ['c8', 'option 200 of 1 bytes: cut short before its length'],
    [`05 02 ${'00'.repeat(14)}`, 'mtu 5 of 16 bytes: expected 8 bytes'],
    [`03 04 81 ${'00'.repeat(29)}`, 'prefix-information 3 of 32 bytes: prefix length 129, expected 128 or less'],
    ['18 01 40 00 00000000', 'route-information 24 of 8 bytes: prefix length 64, expected 16 to 24 bytes'],
    ['18 01 00 10 00000000', 'route-information 24 of 8 bytes: preference 2, which is reserved'],
    [`19 02 ${'00'.repeat(14)}`, 'rdnss 25 of 16 bytes: expected 8 bytes and 16 for each server'],
    ['1f 02 0000 00000000 3f61616161616161', 'dnssl 31 of 16 bytes: a label that reaches past its end'],
    ['1f 02 0000 00000000 c00c000000000000', 'dnssl 31 of 16 bytes: a label of 192 bytes, expected 63 or fewer'],
    ['1f 02 0000 00000000 0761616161616161', 'dnssl 31 of 16 bytes: a name without its end'],
    ['26 02 0007 000000000000000000000000', 'pref64 38 of 16 bytes: prefix length code 7, expected 0 to 5'],
  ])('say what is wrong with %s', (bytes, said) => {
    expect(advertised(bytes)?.map(ndOptionText)).toEqual([said]);
  });

  it('end at one whose length cannot be right, and the ones before it are told', () => {
    const options = advertised(`05 01 0000 000005dc 0e 00 000000000000 05 01 0000 000005dc`) ?? [];
    expect(options.map(ndOptionText)).toEqual(['mtu 1500', 'nonce 14 of 0 bytes: length 0']);
  });

  it('are none in ARP, and none where a message ends before them', () => {
    expect(optionsOf(ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401')))).toBeUndefined();
    expect(optionsOf(icmpv6(134, '4000'))).toBeUndefined();
    expect(advertised('')).toEqual([]);
  });

  it('stand in the line of their frame, but for the link-layer address that is there already', () => {
    const bytes = icmpv6(134, `${advertisementFields}${sourceOption('525400000016')} 05 01 0000 000005dc`);
    const frame = decodeFrame(captured(bytes));
    if (frame === undefined) throw new Error('a router advertisement was not decoded');
    const line = printDecodedFrame({ ...frame, options: optionsOf(bytes) });
    expect(line).toMatch(/ {2}fe80::5054:ff:fe00:16 at 52:54:00:00:00:16 {2}\[mtu 1500\]$/);
  });

  it('can be read whatever the bytes, without those around them, and write nothing to a terminal', () => {
    const type = fc.constantFrom(1, 2, 3, 4, 5, 7, 13, 14, 24, 25, 26, 31, 37, 38, 200);
    const option = fc
      .tuple(type, fc.integer({ min: 0, max: 6 }), fc.uint8Array({ minLength: 46, maxLength: 46 }))
      .map(([number, units, body]) => Buffer.from([number, units, ...body]).subarray(0, Math.max(2, units * 8)));
    fc.assert(
      fc.property(fc.array(option, { maxLength: 4 }), fc.nat(20), (options, cut) => {
        const whole = Buffer.concat(options);
        const frame = icmpv6(134, advertisementFields + whole.subarray(0, whole.length - cut).toString('hex'));
        const among = [0x00, 0xff].map((filling) => {
          const bytes = new Uint8Array(frame.length + 256).fill(filling);
          bytes.set(frame, 128);
          const fields = new FrameFields();
          readFrame(bytes, 128, 128 + frame.length, ETHERNET, fields);
          return ndOptions(bytes, fields);
        });
        if ((among[0] ?? []).some((one) => /[^\x20-\x7e]/.test(ndOptionText(one)))) return false;
        return isDeepStrictEqual(among[0], among[1]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the options of real captures', () => {
  const data = realdata();
  if ('missing' in data) {
    console.log(data.missing);
    it.skip(data.missing, () => undefined);
    return;
  }
  // As tshark 4 lists them.
  it.each([
    [
      'tcpdump__icmpv6.pcap',
      [
        'prefix-information prefix 2222:3333:4444:5555:6600::/72, onLink true, autonomous true, routerAddress false, validSeconds 2592000, preferredSeconds 604800',
        'rdnss servers abcd::efef 1234:5678::1, lifetimeSeconds 5',
        'dnssl domains example.com example.org dom1.dom2.tld, lifetimeSeconds 5',
        'mtu 100',
        'source-link-layer mac b0:99:28:c8:d6:6c',
        'advertisement-interval intervalMs 5000',
        'home-agent-information of 8 bytes',
      ],
    ],
    [
      'tcpdump__icmpv6_opt24.pcap',
      [
        'source-link-layer mac 14:cf:92:87:23:d6',
        'mtu 1500',
        'prefix-information prefix fd8d:4fb3:5b2e::/64, onLink true, autonomous true, routerAddress false, validSeconds 7200, preferredSeconds 1800',
        'route-information prefix fd8d:4fb3:5b2e::/48, preference medium, lifetimeSeconds 7200',
        'rdnss servers fd8d:4fb3:5b2e::1, lifetimeSeconds 1800',
        'dnssl domains lan, lifetimeSeconds 1800',
      ],
    ],
  ])('are those of the first advertisement in %s', async (name, said) => {
    for await (const { options = [] } of decodeFile(join(data.folder, 'pcap', name))) {
      expect(options.map(ndOptionText)).toEqual(said);
      return;
    }
    throw new Error(`no frame in ${name}`);
  });
});
