import { ConfigError, parseConfig } from '../../src/config/load-config.js';

const device = (name: string, kind: string) => ({ name, interfacePattern: 'Vlan{vlan}', driver: { kind } });
const gateways = [
  { switch: 'leaf1', devices: [device('leaf1a', 'simulated'), device('leaf1b', 'linux')] },
  { switch: 'leaf2', devices: [device('leaf2', 'linux')] },
];
const tables = { kind: 'tables', name: 's', switch: 'leaf1' };

function problems(sensor: object): string {
  try {
    parseConfig({ gateways, sensors: [sensor] }, '/etc/portledger.json');
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('the sensors of a configuration', () => {
  it.each([
    ['reads a device of its switch', { ...tables, device: 'leaf1b', everySeconds: 5 }],
    ['reads a file', { ...tables, file: 'arp.txt', format: 'ios-arp' }],
    ['reads the kernel in a namespace', { ...tables, netns: 'gw1' }],
    ['hears an interface', { name: 's', switch: 'leaf1', interface: 'vlan16', port: 'leaf1:Ethernet16', vlan: 16 }],
  ])('are accepted where one %s', (_what, sensor) => {
    expect(problems(sensor)).toBe('');
  });

  it('name their file by its path from the configuration', () => {
    expect(
      parseConfig({ gateways, sensors: [{ ...tables, file: 'arp.txt' }] }, '/etc/portledger.json').sensors[0]?.file,
    ).toBe('/etc/arp.txt');
  });

  it.each([
    ['says nothing to read', tables, '/sensors/0: found none of device, file, netns, expected one of them'],
    [
      'says two things to read',
      { ...tables, file: 'x', netns: 'y' },
      '/sensors/0: found more than one of device, file, netns',
    ],
    [
      'names a device of another switch',
      { ...tables, device: 'leaf2' },
      '/sensors/0/device: found "leaf2", expected a device of switch leaf1.',
    ],
    [
      'names a device that has no tables to ask for',
      { ...tables, device: 'leaf1a' },
      '/sensors/0/device: found "leaf1a" of kind simulated, expected a device whose driver is eos, ios, linux',
    ],
    [
      'listens on no interface',
      { name: 's', switch: 'leaf1' },
      '/sensors/0/interface: found nothing, expected the interface that frames are heard on',
    ],
    [
      'listens to a file',
      { name: 's', switch: 'leaf1', interface: 'vlan16', file: 'x' },
      '/sensors/0/file: found "x", expected none: it belongs to kind tables',
    ],
    [
      'is of no kind',
      { ...tables, kind: 'table', netns: 'gw1' },
      '/sensors/0/kind: found "table", expected capture, directory or tables',
    ],
    [
      'reads never',
      { ...tables, netns: 'gw1', everySeconds: 0 },
      '/sensors/0/everySeconds: found 0, expected a whole number of seconds',
    ],
  ])('are refused where one %s', (_what, sensor, expected) => {
    expect(problems(sensor)).toContain(expected);
  });
});
