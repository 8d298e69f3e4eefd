import { allFindings, ruleMemories } from '../../../projections/index.js';
import { Hearing } from './hearing.js';
import { bmcMac, bondMac, normalTraffic, normalTrafficOfNamedMacs, vrrpMac } from './normal-traffic.js';
import { besides, grantsOf, rack, type Told } from './rack.js';

const named = (told: readonly Told[]) => grantsOf([...told, ...besides(16, bmcMac, bondMac, vrrpMac)]);

const everything = { ...normalTraffic, ...normalTrafficOfNamedMacs };

describe('normal traffic', () => {
  const grants = named(rack);

  it.each(Object.entries(everything))('stays silent: %s', (_name, observation) => {
    expect(allFindings(observation, grants, ruleMemories()).found).toEqual([]);
  });

  it('stays silent when all of it is heard one after the other, over and over', () => {
    const hearing = new Hearing(grants);
    for (let round = 0; round < 5; round++) {
      for (const observation of Object.values(everything)) {
        const { found } = hearing.hear({ ...observation, frameTime: observation.frameTime + round * 2_000 });
        expect(found.map(({ finding }) => finding.detail)).toEqual([]);
      }
    }
  });

  it('stays silent for a suspended server as for any other', () => {
    const suspended = named([...rack, ['ServerSuspended', { serverId: 'srv-16' }]]);
    for (const observation of Object.values(everything)) {
      expect(allFindings(observation, suspended, ruleMemories()).found).toEqual([]);
    }
  });
});
