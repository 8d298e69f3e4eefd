import { parseConfig } from '../../src/config/load-config.js';
import { communitiesOf } from '../../src/config/sites.js';

const device = { name: 'leaf1', interfacePattern: 'vlan{vlan}', driver: { kind: 'simulated' } };

describe('communities in the configuration', () => {
  it('are those of the site and those of the device, as numbers', () => {
    const sites = [{ name: 'fra', communities: ['64512:100', '64512:1:2'] }];
    const gateways = [{ switch: 'leaf1', site: 'fra', devices: [{ ...device, communities: ['64512:7'] }] }];
    const config = parseConfig({ sites, gateways }, 'some.json');
    const [gateway] = config.gateways;
    const [box] = gateway?.devices ?? [];
    expect(gateway && box && communitiesOf(config, gateway, box)).toEqual([
      [64512, 100],
      [64512, 1, 2],
      [64512, 7],
    ]);
  });

  it.each(['65536:1', '1:2:4294967296', '1', '1:2:3:4', '01:2', '1:2); reject; #'])('refuses %j', (community) => {
    const gateways = [{ switch: 'leaf1', devices: [{ ...device, communities: [community] }] }];
    expect(() => parseConfig({ gateways }, 'some.json')).toThrow('/gateways/0/devices/0/communities');
  });
});
