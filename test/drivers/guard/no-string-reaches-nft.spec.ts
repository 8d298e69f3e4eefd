import fc from '../../support/property.js';
import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress } from '../../../events/index.js';
import type { PortGuard } from '../../../src/drivers/guard/guard.port.js';
import { elementsOf } from '../../../src/drivers/guard/nft-elements.js';
import { hostileString, numbersFrom } from '../hostile-strings.js';

const good: PortGuard = {
  interface: 'vlan16',
  macs: ['52:54:00:00:00:16' as MacAddress],
  ipv4: ['198.51.100.16' as Ipv4Address],
  prefixes: ['2001:db8:16::/48' as Ipv6Prefix],
  gatewayMacs: ['02:00:5e:00:00:01' as MacAddress],
  gatewayIpv4: ['198.51.100.1' as Ipv4Address],
  gatewayIpv6: ['fe80::1' as Ipv6Address],
  closed: true,
  mode: 'drop',
};
const listed = ['macs', 'ipv4', 'prefixes', 'gatewayMacs', 'gatewayIpv4', 'gatewayIpv6'] as const;
/** An interface in quotes, and with it at most one MAC, address, prefix or number. */
const shape =
  /^"([A-Za-z0-9][A-Za-z0-9._-]{0,14})"(?: \. (?:(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9.]{7,15}|[0-9a-f:]{2,39}(?:\/\d{1,3})?|0x[0-9a-f]{32}))?$/;

function texts(port: PortGuard): readonly string[] | undefined {
  try {
    return elementsOf(port).map(({ text }) => text);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

describe('the guard of a port', () => {
  it('refuses a value that is not what its type says, or writes it as it is (nft)', () => {
    expect(texts(good)?.every((text) => shape.test(text))).toBe(true);
    let written = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const number = numbersFrom(seed);
        for (let round = 0; round < 1_000; round++) {
          const field = listed[number(listed.length + 1)];
          const forged: PortGuard =
            field === undefined
              ? { ...good, interface: hostileString(good.interface, number) }
              : { ...good, [field]: [hostileString(good[field][0] ?? '', number)] };
          const lines = texts(forged);
          if (lines === undefined) continue;
          written++;
          const odd = lines.find((text) => shape.exec(text)?.[1] !== forged.interface);
          if (odd !== undefined) throw new Error(`${JSON.stringify(forged)} is rendered as ${JSON.stringify(odd)}`);
        }
      }),
      { numRuns: 200 },
    );
    expect(written).toBeGreaterThan(100);
  });
});
