import {
  configuredSources,
  refusePlaceless,
  SensorConfigError,
} from '../../../src/sensor/capture/configured-sources.js';

const sensor = {
  name: 'leaf1-e16',
  switch: 'leaf1',
  site: 'default',
  netns: 'lab-sw' as string | undefined,
  interface: 'vlan16',
  port: 'leaf1:Ethernet16',
  vlan: 16,
};

describe('configuredSources', () => {
  it('makes a source of one port from each sensor', () => {
    expect(configuredSources([sensor])).toEqual([{ ...sensor, attribution: 'interface' }]);
    expect(configuredSources([{ ...sensor, netns: undefined }])[0]).not.toHaveProperty('netns');
  });

  it('lets a trunk name its ports by VLAN, and a capture of many ports name none', () => {
    const many = { ...sensor, port: undefined, vlan: undefined };
    for (const attribution of ['vlan', 'mac-table', 'unknown'] as const) {
      const [source] = configuredSources([{ ...many, attribution }]);
      expect(source).toMatchObject({ attribution, interface: 'vlan16' });
      expect(source).not.toHaveProperty('port');
      expect(source).not.toHaveProperty('vlan');
    }
    expect(configuredSources([{ ...many, attribution: 'vlan', vlan: 7 }])).toMatchObject([{ vlan: 7 }]);
  });

  it('refuses a port where frames belong to ports in another way', () => {
    expect(() => configuredSources([{ ...sensor, attribution: 'vlan' }])).toThrow(
      'Sensor leaf1-e16 names port leaf1:Ethernet16, but its frames belong to ports by vlan: leave the port out, or say attribution interface.',
    );
  });

  it('makes a source of a directory', () => {
    const written = {
      ...sensor,
      kind: 'directory' as const,
      interface: undefined,
      netns: undefined,
      directory: '/cap',
    };
    expect(configuredSources([written])).toEqual([
      {
        name: 'leaf1-e16',
        switch: 'leaf1',
        site: 'default',
        port: 'leaf1:Ethernet16',
        vlan: 16,
        attribution: 'interface',
        directory: '/cap',
      },
    ]);
  });

  it.each([
    ['no interface', { interface: undefined }],
    ['a directory, but hears', { directory: '/cap' }],
    ['no directory', { kind: 'directory' as const }],
    ['an interface, but reads', { kind: 'directory' as const, directory: '/cap' }],
  ])('refuses a sensor that has %s', (finding, change) => {
    expect(() => configuredSources([{ ...sensor, ...change }])).toThrow(
      new RegExp(`leaf1-e16 (?:has|names) ${finding}`),
    );
  });

  it.each(['port', 'vlan'])('refuses a sensor without a %s, by name', (missing) => {
    const incomplete = { ...sensor, [missing]: undefined };
    expect(() => configuredSources([incomplete])).toThrow(SensorConfigError);
    expect(() => configuredSources([incomplete])).toThrow(new RegExp(`Sensor leaf1-e16 has no ${missing}`));
  });
});

describe('captures that know ports by MAC table', () => {
  const uplink = { name: 'leaf1-uplink', switch: 'leaf1', attribution: 'mac-table' as const };
  const reading = { name: 'leaf1-tables', switch: 'leaf1', kind: 'tables' as const };

  it('are refused where nobody reads the tables of their switch, with the cure', () => {
    for (const others of [[], [{ ...reading, switch: 'leaf2' }], [{ ...reading, kind: 'capture' as const }]])
      expect(() => refusePlaceless([uplink, ...others])).toThrow(
        'Sensor leaf1-uplink would know ports by the MAC tables of leaf1, but nobody reads them: add a sensor of kind tables with switch leaf1 to /sensors, or say attribution unknown.',
      );
    expect(() => refusePlaceless([uplink, reading])).not.toThrow();
    expect(() => refusePlaceless([{ ...uplink, attribution: 'unknown' }])).not.toThrow();
  });

  it('are refused on another box, where no tables are read', () => {
    expect(() => refusePlaceless([{ ...uplink, remote: true }, reading])).toThrow(
      'Sensor leaf1-uplink would know ports by MAC tables, but runs on another box, and these are read here: say attribution vlan or unknown.',
    );
  });
});
