import { ConfigError, parseConfig } from '../../src/config/load-config.js';

const device = (more: object, driver: object = { kind: 'linux' }, name = 'leaf1a') => ({
  ...{ name, interfacePattern: 'vlan{vlan}', driver, ports: { 'leaf1:Ethernet16': 'vlan16' } },
  ...more,
});

function problems(...devices: object[]): string {
  try {
    parseConfig({ gateways: [{ switch: 'leaf1', devices }] }, '/etc/portledger.json');
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe.each([
  ['guard', { guard: {} }, 'a guard', 'no guard'],
  ['dhcp', { dhcp: { socket4: '/run/kea/dhcp4.sock' } }, 'dhcp', 'no dhcp'],
  ['ra', { ra: {} }, 'ra', 'no ra'],
] as const)('%s under a device', (part, config, called, none) => {
  it('is taken where the device is a Linux box that the engine runs on, in a namespace too', () => {
    expect(problems(device(config))).toBe('');
    expect(problems(device(config, { kind: 'linux', netns: 'gw1' }))).toBe('');
  });

  it('is refused on any other device, which is said', () => {
    const expected = `expected ${none}, or a device of kind linux on the box that the engine runs on`;
    const at = `/gateways/0/devices/0/${part}`;
    expect(problems(device(config, { kind: 'simulated' }))).toContain(
      `${at}: found ${called} on a device of kind simulated, ${expected}`,
    );
    const overSsh = { kind: 'linux', host: '192.0.2.1', username: 'root', privateKeyFile: 'key', hostKeys: [] };
    expect(problems(device(config, overSsh))).toContain(`${called} on a device that is reached over SSH, ${expected}`);
  });

  it('is refused where another device has the name of its journal', () => {
    const other = device({}, { kind: 'linux' }, `leaf1a-${part}`);
    expect(problems(device(config), other)).toContain(`/gateways/0/devices/1/name: found "leaf1a-${part}", expected`);
  });
});

describe('ra under a device', () => {
  it('stands for the files of Debian where it says nothing, and for those from the configuration where it does', () => {
    const parse = (ra: object) =>
      parseConfig({ gateways: [{ switch: 'leaf1', devices: [device({ ra })] }] }, '/etc/portledger.json').gateways[0]
        ?.devices[0]?.ra;
    expect(parse({})).toEqual({ file: '/etc/radvd.conf', pidFile: '/run/radvd.pid' });
    expect(parse({ file: 'ra.conf', pidFile: 'ra.pid' })).toEqual({ file: '/etc/ra.conf', pidFile: '/etc/ra.pid' });
  });

  it('names a file that no other device names', () => {
    const second = device({ ra: { pidFile: '/run/other.pid' } }, { kind: 'linux' }, 'leaf1b');
    expect(problems(device({ ra: {} }), second)).toContain(
      '/gateways/0/devices/1/ra/file: found "/etc/radvd.conf", expected a path that no other device names under ra',
    );
  });
});
