import { ConfigError } from '../../src/config/app-config.js';
import { parseConfig } from '../../src/config/load-config.js';
import { netbootPrefixes } from '../../src/config/netboot.js';

const device = (name: string, dhcp?: object) => ({
  name,
  interfacePattern: 'vlan{vlan}',
  driver: { kind: 'linux' },
  ...(dhcp === undefined ? {} : { dhcp: { socket4: `${name}.sock`, ...dhcp } }),
});
const gateway = (name: string, ...devices: object[]) => ({ switch: name, devices });
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

describe('the netboot prefix of a configuration', () => {
  it('is that of a switch, whichever of its boxes says so', () => {
    const gateways = [
      gateway('leaf1', device('a'), device('b', { netboot: '10.64.0.0/18' })),
      gateway('leaf2', device('c')),
    ];
    expect([...netbootPrefixes(config({ gateways }))]).toEqual([['leaf1', '10.64.0.0/18']]);
  });

  it.each(['198.51.100.0/24', '10.64.0.1/18', '10.0.0.0/7', '10.64.0.0/31', '100.128.0.0/18', '2001:db8::/48', 'all'])(
    'is not %s: private, without host bits, room for a /30',
    (netboot) => {
      const [problem, ...more] = problemsOf({ gateways: [gateway('leaf1', device('a', { netboot }))] });
      expect(problem).toContain('/gateways/0/devices/0/dhcp/netboot');
      expect(problem).toContain('a private IPv4 prefix of /8 to /30 (RFC 1918, RFC 6598), such as 10.64.0.0/18');
      expect(more).toEqual([]);
    },
  );

  it.each<[string, object, string]>([
    [
      'without DHCPv4',
      { gateways: [gateway('leaf1', device('a', { socket4: undefined, socket6: 's6', netboot: '10.64.0.0/18' }))] },
      'found netboot without socket4, expected a socket4: machines are started over DHCPv4',
    ],
    [
      'that differs between two boxes of one switch',
      {
        gateways: [
          gateway('leaf1', device('a', { netboot: '10.64.0.0/18' }), device('b', { netboot: '10.64.64.0/18' })),
        ],
      },
      'found "10.64.64.0/18", expected 10.64.0.0/18, as a of the same switch has',
    ],
    [
      'that another switch has a part of',
      {
        gateways: [
          gateway('leaf1', device('a', { netboot: '10.64.0.0/16' })),
          gateway('leaf2', device('b', { netboot: '10.64.64.0/18' })),
        ],
      },
      'found "10.64.64.0/18", expected a prefix that overlaps no other: 10.64.0.0/16 is of switch leaf1',
    ],
    [
      'inside an aggregate that servers are sold from',
      {
        sites: [{ name: 'ams1', aggregates: ['10.0.0.0/8'] }],
        gateways: [{ ...gateway('leaf1', device('a', { netboot: '10.64.0.0/18' })), site: 'ams1' }],
      },
      'found "10.64.0.0/18", expected a prefix that overlaps no other: 10.0.0.0/8 is of an aggregate of site ams1',
    ],
    [
      'around the address of its TFTP server',
      {
        gateways: [
          gateway(
            'leaf1',
            device('a', { netboot: '10.64.0.0/18', boot: [{ tftpServer: '10.64.9.9', tftpFile: 'x' }] }),
          ),
        ],
      },
      'found "10.64.0.0/18", expected a prefix without 10.64.9.9, which is a TFTP server of a',
    ],
  ])('is refused %s', (_how, json, expected) =>
    expect(problemsOf(JSON.parse(JSON.stringify(json)) as object).join('\n')).toContain(expected),
  );

  it('may be the same for two boxes of one switch', () => {
    const both = { netboot: '10.64.0.0/18' };
    expect(problemsOf({ gateways: [gateway('leaf1', device('a', both), device('b', both))] })).toEqual([]);
  });
});
