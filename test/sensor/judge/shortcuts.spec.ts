import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../../support/property.js';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { FrameStream } from '../../../src/sensor/capture/frame-stream.js';
import { gateway, rack, sold } from '../../projections/rules/rack.js';
import { ownCaptures, realdata } from '../capture/capture-files.js';
import { arp, ethernet } from '../capture/frames.js';
import { BothJudges, places, rowAt, toldInTurns } from './both-judges.js';
import { toldOfRack } from './frame-bench.js';
import { noonMs, storedFrom } from './judge-bench.js';

describe('the judge of frames with its shortcuts, and the judge that asks every rule of every frame', () => {
  it('tell the same violations, repeats and sightings in the same order, count the same and keep the same frames', () => {
    let repeated = 0;
    fc.assert(
      fc.property(toldOfRack, toldInTurns, fc.boolean(), (log, { frames, steps, limits }, isRestarted) => {
        let both = new BothJudges(log, limits);
        let time = noonMs;
        for (const [index, { which, afterMs, change, row }] of steps.entries()) {
          time += afterMs;
          if (change !== undefined) both.change(change, time);
          if (row !== undefined) both.observe(rowAt(row, time));
          const frame = frames[which % frames.length];
          if (frame !== undefined) both.hear(frame.place, frame.bytes, time);
          if (!isRestarted || index !== steps.length >>> 1) continue;
          both.compare();
          both = new BothJudges(log, limits, storedFrom(both.verdicts));
        }
        both.flush(time + 60_000);
        both.compare();
        repeated += both.verdicts.filter(({ type }) => type === 'ViolationRepeated').length;
      }),
      { numRuns: 15 },
    );
    expect(repeated).toBeGreaterThan(5);
  });

  it.each(['random MACs and addresses', 'one MAC and many addresses', 'two MACs in turns', 'one lie'])(
    'agree on a flood of %s',
    (flood) => {
      const both = new BothJudges([gateway, ...sold(11), ...sold(16), ...sold(66)]);
      let seed = 7;
      const random = (): string =>
        ((seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) >>> 0).toString(16).padStart(8, '0');
      const lie = (frame: number): Buffer => {
        switch (flood) {
          case 'random MACs and addresses':
            return forged(`02${random()}00`, random());
          case 'one MAC and many addresses':
            return forged('525400000066', `c63364${random().slice(0, 2)}`);
          case 'two MACs in turns':
            return forged(frame % 2 === 0 ? '525400000011' : '02deadbeef01', 'c6336410');
          default:
            return forged('525400000066', 'c6336410');
        }
      };
      for (let frame = 0; frame < 3_000; frame++) {
        const time = noonMs + frame * 30;
        both.hear(66, lie(frame), time);
        if (frame % 3 === 0) both.hear(66, forged('525400000066', 'c6336442'), time);
        if (frame % 7 === 0) both.hear(16, forged('525400000016', 'c6336410'), time);
      }
      both.flush(noonMs + 200_000);
      both.compare();
      expect(both.verdicts.length).toBeGreaterThan(5);
    },
  );

  it('agree on every capture, ours and real ones, heard at every place', () => {
    const real = realdata();
    const folders = [ownCaptures, ...('folder' in real ? [join(real.folder, 'pcap')] : [])];
    let heard = 0;
    for (const folder of folders) {
      for (const name of readdirSync(folder).filter((one) => /\.pcap(ng)?$/.test(one))) {
        const both = new BothJudges(rack);
        let end = 0;
        for (const place of places) {
          try {
            new FrameStream(name, (fields, record) => {
              if (heard++ > 200_000) return;
              end = Math.max(end, record.seconds * 1000);
              both.take(place, fields, record);
            }).push(readFileSync(join(folder, name)));
          } catch (error) {
            if (!(error instanceof CaptureError)) throw error;
          }
        }
        both.flush(end + 60_000);
        both.compare();
      }
    }
    expect(heard).toBeGreaterThan(100);
  });
});

const forged = (from: string, address: string): Buffer =>
  ethernet(0x0806, arp(2, from, address, '000000000000', 'c6336401'), { from });
