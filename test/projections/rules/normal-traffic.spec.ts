import { primaryFinding, ruleMemories } from '../../../projections/index.js';
import { normalTraffic } from './normal-traffic.js';
import { grantsOf, rack } from './rack.js';

describe('normal traffic', () => {
  const grants = grantsOf(rack);

  it.each(Object.entries(normalTraffic))('stays silent: %s', (_name, observation) => {
    expect(primaryFinding(observation, grants, ruleMemories())).toBeUndefined();
  });

  it('stays silent for a suspended server as for any other', () => {
    const suspended = grantsOf([...rack, ['ServerSuspended', { serverId: 'srv-16' }]]);
    for (const observation of Object.values(normalTraffic)) {
      expect(primaryFinding(observation, suspended, ruleMemories())).toBeUndefined();
    }
  });
});
