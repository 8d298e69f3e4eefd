import { join } from 'node:path';
import { percentile } from '../../bench/statistics.js';
import { describeLab } from '../../lab/describe-lab.js';
import { whyNoFlood, writeForgedClaims } from '../../lab/flood.js';
import { whyNoLab } from '../../lab/lab-needs.js';
import { SensorWires } from '../../lab/sensor-wires.js';
import { tempDirectory } from '../../support/temp-directory.js';
import { EngineProcess } from './engine-process.js';
import { floodEngine } from './flood-attack.js';
import { floodGoals } from './flood-goals.js';

const seconds = process.env.PORTLEDGER_LONG === '1' ? 60 : 10;
/** Claims that differ; they are sent again and again. */
const forgedClaims = 200_000;
/** What the flood may add to the memory of the quiet engine, MiB: several times what it does add, a fraction of what it sends. */
const mostAdded = 128;
const capture = join(tempDirectory(), 'forged.pcap');
const say = (text: string): void => void process.stderr.write(`flood: ${text}\n`);

let wires: SensorWires | undefined;
let engine: EngineProcess | undefined;

describeLab(
  'a flood of forged claims from one port',
  () => {
    beforeAll(async () => {
      writeForgedClaims(capture, forgedClaims);
      wires = await SensorWires.lay([16, 66]);
      engine = await EngineProcess.start(wires, [16, 66]);
    });
    afterAll(async () => {
      await engine?.close();
      wires?.remove();
    });

    it('fills neither the log nor the memory, hides no other port, and accounts for every frame', async () => {
      if (engine === undefined || wires === undefined) throw new Error('The engine did not start.');
      const shape = { capture, perSecond: floodGoals.perSecond, seconds, quietSeconds: 3, settleMs: 11_000 };
      const { sent, perSecond, arrived, judged, sampled, dropped, lost, stored, reportedMs, memory, publishing } =
        await floodEngine(engine, wires, shape);
      const { events, memoryMib, reportMs, publishRatio } = floodGoals;
      const [quiet, flooded] = [percentile(publishing.quiet, 0.99), percentile(publishing.flooded, 0.99)];
      say(`sent ${sent} forged frames at ${Math.round(perSecond)}/s (${floodGoals.perSecond}/s were wanted)`);
      say(`${stored} events stored (at most ${events})`);
      say(
        `${judged} of ${arrived} frames judged or sampled (${sampled}), ${dropped} dropped by the kernel, ${lost} lost`,
      );
      say(
        `forgeries of the other port in the feed after ${reportedMs.map(Math.round).join(', ')} ms (at most ${reportMs})`,
      );
      say(`memory ${Math.round(memory.quiet)} MiB quiet, ${Math.round(memory.peak)} at most (${memoryMib} wanted)`);
      say(
        `publish p99 ${quiet.toFixed(1)} ms of ${publishing.quiet.length} quiet, ${flooded.toFixed(1)} of ${publishing.flooded.length} flooded: ${(flooded / quiet).toFixed(1)} times (at most ${publishRatio})`,
      );

      expect(sent).toBeGreaterThan(10_000);
      expect(stored).toBeGreaterThan(0);
      expect(stored).toBeLessThanOrEqual(events);
      expect(memory.peak - memory.quiet).toBeLessThanOrEqual(mostAdded);
      expect(publishing.flooded.length).toBeGreaterThan(0);
      expect(reportedMs.length).toBeGreaterThan(0);
      const ofFlood = (await engine.violations()).filter(({ port }) => port === 'leaf1:Ethernet66');
      expect(ofFlood.length).toBeGreaterThan(0);
      // Whatever came in was judged, or is shown as dropped: not one frame is missing, and none counted twice.
      expect(judged + dropped + lost).toBe(arrived);
      expect(judged).toBeGreaterThan(0);
    });
  },
  () => whyNoLab() ?? whyNoFlood(),
);
