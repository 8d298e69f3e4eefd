import fc from '../../../support/property.js';
import { allFindings, ruleMemories } from '../../../../projections/index.js';
import { observe } from '../../../../src/sensor/capture/claims.js';
import { spellOut } from '../../../../src/sensor/capture/frame-decoder.js';
import { FrameFields } from '../../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../../src/sensor/capture/frame-reader.js';
import { placeByVlan } from '../../../../src/sensor/capture/place-by-vlan.js';
import { HomesById, heardAtHome } from '../../../../src/sensor/judge/home-account.js';
import { MacSightings } from '../../../../src/sensor/judge/judge-sightings.js';
import { DadWatch } from '../../../../src/sensor/judge/sieve/dad-watch.js';
import { hashOfAddress } from '../../../../src/sensor/judge/sieve/port-meter.js';
import { Sieve } from '../../../../src/sensor/judge/sieve/sieve.js';
import { datedGrantsOf, heardFrames, rackPlaces, sourceOf, toldOfRack } from '../frame-bench.js';
import { noonMs } from '../judge-bench.js';

describe('the sieve', () => {
  it('clears only frames of which no rule finds anything, however much it remembers, and nothing would be stored', () => {
    let cleared = 0;
    let clearedOnTrunk = 0;
    let looked = 0;
    fc.assert(
      fc.property(toldOfRack, heardFrames(60), (told, frames) => {
        const grants = datedGrantsOf(told).index;
        const sightings = new MacSightings(() => undefined, 1_000);
        const watch = new DadWatch(7_000);
        const sieves = new Map(
          rackPlaces.map((place) => {
            return [place, new Sieve(sourceOf(place), grants.packed, watch, sightings)] as const;
          }),
        );
        const homes = new HomesById();
        const memories = ruleMemories((serverId, mac) =>
          mac === undefined ? undefined : homes.heardAt(serverId, mac),
        );
        const fields = new FrameFields();
        let time = noonMs;
        for (const { place, bytes, afterMs } of frames) {
          time += afterMs;
          if (!readFrame(bytes, 0, bytes.length, 1, fields) || fields.problem !== 0) continue;
          watch.advance(time);
          const sieve = sieves.get(place);
          const isCleared = sieve?.clears(bytes, fields) ?? false;
          const captured = { seconds: Math.floor(time / 1000), nanoseconds: (time % 1000) * 1e6 };
          const observed = observe(spellOut(bytes, fields, 1, captured), sourceOf(place));
          if (observed === undefined) throw new Error('A frame without a problem claims something or nothing.');
          const observation = placeByVlan(observed, grants);
          const findings = allFindings(observation, grants, memories);
          const told = sightings.see(observation, time);
          const home = heardAtHome(observation, grants);
          if (isCleared) {
            expect(findings.found.map(({ rule }) => rule.name)).toEqual([]);
            if (sieve?.unseen === undefined) expect(told).toEqual([]);
            expect(home).toBe(grants.packed.rows.read(sieve?.cleared ?? -1).serverId);
          }
          if (home !== undefined) homes.note(home, observation.etherSource, time);
          if (observation.tentative || (fields.kind === 1 && observation.claimedAddress === undefined))
            watch.add(hashOfAddress(bytes, fields.target, fields.addressBytes), time);
          looked++;
          if (isCleared && place === 'trunk') clearedOnTrunk++;
          if (isCleared) cleared++;
        }
      }),
      { numRuns: 400 },
    );
    // A sieve that clears nothing keeps the law too: it shall clear what honest servers say.
    expect(cleared / looked).toBeGreaterThan(0.05);
    expect(clearedOnTrunk / looked).toBeGreaterThan(0.01);
  });
});
