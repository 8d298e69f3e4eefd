import { configuredSources, SensorConfigError } from '../../../src/sensor/capture/configured-sources.js';

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

  it.each(['port', 'vlan'])('refuses a sensor without a %s, by name', (missing) => {
    const incomplete = { ...sensor, [missing]: undefined };
    expect(() => configuredSources([incomplete])).toThrow(SensorConfigError);
    expect(() => configuredSources([incomplete])).toThrow(new RegExp(`Sensor leaf1-e16 has no ${missing}`));
  });
});
