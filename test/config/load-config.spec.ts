import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../../src/config/app-config.js';
import { parseConfig } from '../../src/config/load-config.js';

const bird = {
  kind: 'bird',
  socket: 'bird.ctl',
  include4: 'p4.conf',
  include6: 'p6.conf',
  protocol4: 'billing4',
  protocol6: 'billing6',
  confFile: 'bird.conf',
};
const device = {
  name: 'leaf1',
  interfacePattern: 'vlan{vlan}',
  ports: { 'leaf1:Ethernet16': 'vlan16' },
  driver: { kind: 'linux', netns: 'lab-sw' },
  bgp: bird,
};
const gateway = { switch: 'leaf1', devices: [device] };
const sensor = { name: 's1', switch: 'leaf1', interface: 'vlan16', port: 'leaf1:Ethernet16', vlan: 16 };
const whole = { gateways: [gateway], sensors: [sensor] };

function problemsOf(json: unknown): string[] {
  try {
    parseConfig(json, 'some.json');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

describe('the configuration', () => {
  it('fills in the defaults, and leaves devices in observe', () => {
    const config = parseConfig(whole, '/etc/portledger.json');
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080, trustedProxies: [] });
    expect(config.gateways[0]).toMatchObject({ site: 'default' });
    expect(config.gateways[0]?.devices[0]).toMatchObject({ mode: 'observe', driver: { protocol: 155 } });
  });

  it('starts relative paths at the directory of the file', () => {
    const config = parseConfig(whole, '/etc/pl/portledger.json');
    expect(config.dataDir).toBe('/etc/pl/data');
    expect(config.tokensFile).toBe('/etc/pl/data/tokens.json');
    expect(config.gateways[0]?.devices[0]?.bgp?.socket).toBe('/etc/pl/bird.ctl');
  });

  it('takes what the gateways of a site have in common, and defaults to host routes and no aggregates', () => {
    const sites = [{ name: 'default', aggregates: ['2001:db8::/32', '198.51.100.0/24'] }];
    expect(parseConfig({ ...whole, sites }, 'some.json').sites).toMatchObject([
      { ...sites[0], sameSubnet: 'host-route' },
    ]);
  });

  it('takes the example of the links room', () => {
    const page = readFileSync(join(process.cwd(), 'src/links/README.md'), 'utf8');
    const example: unknown = JSON.parse(/```json\n([^`]+)```/.exec(page)?.[1] ?? '');
    expect(parseConfig(example, 'some.json').hints).toHaveLength(3);
  });

  it.each([
    ['an aggregate with host bits', { aggregates: ['198.51.100.1/24'] }, '/sites/0/aggregates'],
    ['an aggregate that is none', { aggregates: ['2001:db8::/32', 'all'] }, '/sites/0/aggregates'],
    ['another way to talk', { sameSubnet: 'bridge' }, 'found "bridge", expected host-route or proxy-arp'],
    ['a site where no gateway is', { name: 'defualt' }, 'Did you mean default?'],
  ])('refuses %s', (_what, site, message) => {
    expect(problemsOf({ ...whole, sites: [{ name: 'default', ...site }] }).join()).toContain(message);
  });

  it('knows where checkpoints go, and how often by default', () => {
    const webhook = { url: 'https://audit.example/hook', secretFile: 'hook.secret' };
    const checkpoints = { keyFile: 'c.key', file: 'c.txt', syslog: { host: 'log.example' }, webhook };
    const config = parseConfig({ checkpoints }, '/etc/pl/portledger.json');
    expect(config.checkpoints).toEqual({
      keyFile: '/etc/pl/c.key',
      file: '/etc/pl/c.txt',
      everyEvents: 1000,
      everySeconds: 60,
      syslog: { host: 'log.example', port: 514, protocol: 'tcp' },
      webhook: { url: 'https://audit.example/hook', secretFile: '/etc/pl/hook.secret' },
    });
    expect(parseConfig({}, '/etc/pl/portledger.json').checkpoints).toBeUndefined();
  });

  it.each([
    ['without a key', { file: 'c' }, '/checkpoints/keyFile: found nothing, expected the path of a file'],
    [
      'that go nowhere',
      { keyFile: 'k' },
      '/checkpoints: found no destination, expected at least one of file, syslog, webhook',
    ],
    ['that never come', { keyFile: 'k', file: 'c', everySeconds: 0 }, '/checkpoints/everySeconds: found 0'],
    [
      'to a strange syslog',
      { keyFile: 'k', syslog: { host: 'h', protocol: 'tls' } },
      'found "tls", expected udp or tcp',
    ],
    ['in the clear', { keyFile: 'k', webhook: { url: 'http://audit.example/' } }, 'expected an https URL'],
    ['with a password', { keyFile: 'k', webhook: { url: 'https://a:b@audit.example/' } }, 'expected an https URL'],
    [
      'with the key itself',
      { key: 'PRIVATE+KEY+x', keyFile: 'k', file: 'c' },
      '/checkpoints/key: found an unknown key',
    ],
  ])('refuses checkpoints %s', (_, checkpoints, problem) => {
    expect(problemsOf({ checkpoints })).toContainEqual(expect.stringContaining(problem));
  });

  it.each([
    [
      'a wrong number',
      { listen: { port: 70000 } },
      '/listen/port: found 70000, expected a port number from 0 to 65535',
    ],
    ['a list for an object', { listen: [] }, '/listen: found [], expected an object'],
    ['an object for a list', { gateways: {} }, '/gateways: found {}, expected a list of objects'],
    ['a text in a list of objects', { sensors: ['x'] }, '/sensors: found ["x"], expected a list of objects'],
    ['null', { dataDir: null }, '/dataDir: found null, expected the path of a directory'],
    ['an unknown key', { dataDirr: 'x' }, '/dataDirr: found an unknown key, expected one of'],
    ['__proto__', JSON.parse('{"__proto__": {"x": 1}}'), '/__proto__: found an unknown key'],
    [
      'an eos driver without an address',
      one({ driver: { kind: 'eos', username: 'u', passwordFile: 'p', caFile: 'ca.pem' } }),
      '/gateways/0/devices/0/driver/host: found nothing, expected host, which kind eos needs',
    ],
    [
      'an eos driver that does not say how to know the switch',
      one({ driver: { kind: 'eos', host: 'leaf1.example', username: 'u', passwordFile: 'p' } }),
      '/gateways/0/devices/0/driver: found neither caFile nor certificateFingerprint, expected one of them',
    ],
    [
      'a file driver without its folder',
      one({ driver: { kind: 'file' }, bgp: undefined }),
      '/gateways/0/devices/0/driver/directory: found nothing, expected directory, which kind file needs',
    ],
    [
      'a daemon beside a file',
      one({ driver: { kind: 'file', directory: '/srv/net' }, bgp: bird }),
      '/gateways/0/devices/0/bgp: found a daemon, expected none: a file proves no entry',
    ],
    [
      'a box over SSH without its host key',
      one({ driver: { kind: 'linux', host: 'gw1', username: 'u', privateKeyFile: 'k' }, bgp: undefined }),
      '/gateways/0/devices/0/driver/hostKeys: found nothing, expected hostKeys, which a linux device with a host needs',
    ],
    [
      'a host key that pins nothing',
      one({ driver: { kind: 'linux', host: 'gw1', username: 'u', privateKeyFile: 'k', hostKeys: ['MD5:00'] } }),
      '/gateways/0/devices/0/driver/hostKeys: found ["MD5:00"], expected a list of SHA256:... fingerprints',
    ],
    [
      'an ios driver that does not say how to know the switch',
      one({ driver: { kind: 'ios', host: 'leaf1.example', username: 'u', passwordFile: 'p' } }),
      '/gateways/0/devices/0/driver/hostKeys: found nothing, expected hostKeys, which kind ios needs',
    ],
    [
      'a pairing of neither kind',
      { addresses: { pairing: 'nic' } },
      '/addresses/pairing: found "nic", expected "server" or "mac"',
    ],
    ['an unknown driver', one({ driver: { kind: 'cisco' } }), '/gateways/0/devices/0/driver/kind: found "cisco"'],
    ['a missing driver', one({ driver: undefined }), '/gateways/0/devices/0/driver: found nothing, expected an object'],
    [
      'a pattern without {vlan}',
      one({ interfacePattern: 'vlan' }),
      '/gateways/0/devices/0/interfacePattern: found "vlan"',
    ],
    [
      'an unknown mode',
      one({ mode: 'force' }),
      '/gateways/0/devices/0/mode: found "force", expected observe, propose or enforce',
    ],
    ['a port of another switch', one({ ports: { 'leaf2:e1': 'vlan1' } }), 'expected a port of switch leaf1'],
    ['a word that is no port', one({ ports: { nonsense: 'vlan1' } }), '/gateways/0/devices/0/ports: found {"nonsense"'],
    ['half a BIRD', one({ bgp: { ...bird, socket: undefined } }), '/gateways/0/devices/0/bgp/socket: found nothing'],
    [
      'one device twice',
      { gateways: [{ ...gateway, devices: [device, device] }] },
      '/gateways/0/devices/1/name: found "leaf1" a second time',
    ],
    [
      'one switch twice',
      { gateways: [gateway, { ...gateway, devices: [] }] },
      '/gateways/1/switch: found "leaf1" a second time',
    ],
    [
      'a trusted listener without its management interface',
      { hints: [{ kind: 'syslog-udp', address: '192.0.2.5', port: 514, trusted: true }] },
      '/hints/0/trusted: found true, expected managementInterface beside it',
    ],
    [
      'a trusted listener that hears everywhere',
      { hints: [{ kind: 'syslog-udp', address: '::', port: 514, managementInterface: 'mgmt0', trusted: true }] },
      '/hints/0/address: found "::", expected one address of the management interface',
    ],
    [
      'a trap listener without any key',
      { hints: [{ kind: 'snmp-trap', address: '192.0.2.5', port: 162 }] },
      '/hints/0: found neither communityFile nor usersFile, expected one of them',
    ],
    [
      'a sender spelled otherwise',
      one({ senders: ['2001:DB8::1'] }),
      '/gateways/0/devices/0/senders: found ["2001:DB8::1"]',
    ],
    [
      'a sender of two devices',
      {
        gateways: [
          {
            ...gateway,
            devices: [
              { ...device, senders: ['192.0.2.1'] },
              { ...device, name: 'leaf1b', senders: ['192.0.2.1'] },
            ],
          },
        ],
      },
      '/gateways/0/devices/1/senders: found "192.0.2.1", expected an address that only leaf1b sends from',
    ],
    [
      'a sensor on no known switch',
      { ...whole, sensors: [{ ...sensor, switch: 'leaf9' }] },
      '/sensors/0/switch: found "leaf9"',
    ],
    [
      'a sensor on the port of another switch',
      { ...whole, sensors: [{ ...sensor, port: 'leaf2:e1' }] },
      '/sensors/0/port: found "leaf2:e1"',
    ],
  ])('refuses %s by file, path, found and expected', (_name, json, expected) => {
    const problems = problemsOf(json);
    expect(problems.join('\n')).toContain(expected);
    expect(problems.every((line) => line.startsWith('some.json: '))).toBe(true);
  });

  it('accepts a BGP daemon that is simulated without BIRD settings', () => {
    expect(problemsOf(one({ bgp: { kind: 'simulated' } }))).toEqual([]);
  });

  describe('read from a file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'portledger-config-'));
    afterAll(() => rmSync(directory, { recursive: true }));

    it('names a file that is missing', () => {
      expect(() => loadConfig(join(directory, 'none.json'))).toThrow(
        /none\.json: \/: found no file that can be read \(ENOENT\)/,
      );
    });

    it('names a file that is not JSON', () => {
      const file = join(directory, 'broken.json');
      writeFileSync(file, '{"dataDir": ');
      expect(() => loadConfig(file)).toThrow(/broken\.json: \/: found text that is not JSON/);
    });
  });
});

function one(change: object): object {
  return { gateways: [{ ...gateway, devices: [JSON.parse(JSON.stringify({ ...device, ...change }))] }] };
}
