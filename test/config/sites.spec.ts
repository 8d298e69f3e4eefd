import { ConfigError, parseAggregate } from '../../src/config/app-config.js';
import { parseConfig } from '../../src/config/load-config.js';
import { medOf, siteOf, whyNotEnabled } from '../../src/config/sites.js';

const device = (name: string, med?: number) => ({
  name,
  interfacePattern: 'vlan{vlan}',
  driver: { kind: 'simulated' },
  ...(med === undefined ? {} : { med }),
});
const gateway = (name: string, site: string, med?: number) => ({ switch: name, site, devices: [device(name, med)] });
const config = (json: object) => parseConfig(json, 'some.json');

function problemsOf(json: object): string[] {
  try {
    config(json);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

describe('the sites of a configuration', () => {
  it('are enabled, wait 90 seconds for a gateway that is gone, and need not be named', () => {
    const named = config({ gateways: [gateway('leaf1', 'ams1')] });
    expect(siteOf(named, 'ams1')).toMatchObject({ name: 'ams1', enabled: true, holdTimeSeconds: 90, aggregates: [] });
    expect(whyNotEnabled(named).size).toBe(0);
  });

  it('say why nothing is pushed to a switch of a site that is not enabled', () => {
    const sites = [{ name: 'ams1' }, { name: 'ams2', enabled: false }];
    const named = config({ sites, gateways: [gateway('leaf1', 'ams1'), gateway('leaf2', 'ams2')] });
    expect([...whyNotEnabled(named)]).toEqual([['leaf2', 'site ams2 is not enabled']]);
  });

  it('give their MED to the devices that name none', () => {
    const sites = [{ name: 'ams1', med: 20 }];
    const named = config({ sites, gateways: [gateway('leaf1', 'ams1'), gateway('leaf2', 'ams1', 0)] });
    const meds = named.gateways.flatMap((one) => one.devices.map((box) => medOf(named, one, box)));
    expect(meds).toEqual([20, 0]);
  });

  it('must be known where any is named, and named once', () => {
    expect(
      problemsOf({
        sites: [{ name: 'ams1' }, { name: 'ams1' }],
        gateways: [gateway('leaf1', 'ams1'), gateway('leaf2', 'amsx1')],
      }),
    ).toEqual([
      'some.json: /sites/1/name: found "ams1" a second time, expected a name that is not used twice',
      'some.json: /gateways/1/site: found "amsx1", expected a site named under /sites. Did you mean ams1?',
    ]);
  });

  it.each([
    ['aggregates', ['2001:db8::1/32'], 'a list of prefixes without host bits'],
    ['aggregates', ['0.0.0.0/0'], 'a list of prefixes without host bits'],
    ['sameSubnet', 'both', 'host-route or proxy-arp'],
    ['holdTimeSeconds', 2, 'a whole number of seconds from 3 to 65535'],
    ['neighbourAs', 0, 'an AS number'],
    ['communities', ['64512'], 'a list of communities'],
    ['communities', ['70000:1'], 'a list of communities'],
    ['enabled', 'no', 'true or false'],
  ])('refuse %s %j', (key, value, expected) => {
    expect(problemsOf({ sites: [{ name: 'ams1', [key]: value }], gateways: [gateway('leaf1', 'ams1')] })).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('overlap only where one neighbouring AS compares their MEDs', () => {
    const gateways = [gateway('leaf1', 'ams1'), gateway('leaf2', 'ams2')];
    const pair = { gateways, overlappingMoves: [{ from: 'ams1', to: 'ams2' }] };
    const sites = (to?: number) => [
      { name: 'ams1', neighbourAs: 64_513 },
      { name: 'ams2', ...(to === undefined ? {} : { neighbourAs: to }) },
    ];
    expect(problemsOf({ sites: sites(64_513), ...pair })).toEqual([]);
    expect(problemsOf({ sites: sites(64_514), ...pair })).toEqual([
      expect.stringContaining('found neighbourAs 64513 and 64514, expected sites with one and the same neighbourAs'),
    ]);
    expect(problemsOf({ sites: sites(), ...pair })).toEqual([expect.stringContaining('and unknown')]);
    expect(problemsOf(pair)).toHaveLength(2);
  });
});

describe('an aggregate', () => {
  it.each([
    ['198.51.100.0/24', { family: 'ipv4', prefix: '198.51.100.0/24' }],
    ['2001:DB8:0::/32', { family: 'ipv6', prefix: '2001:db8::/32' }],
    ['198.51.100.1/24', undefined],
    ['192.0.2.0/33', undefined],
    ['192.0.2.0/024', undefined],
    ['::/0', undefined],
    [7, undefined],
  ])('%s is read as %j', (text, read) => {
    expect(parseAggregate(text)).toEqual(read);
  });
});
