import { StoreProcess } from './store-process.js';
import { Witness } from './log-witness.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();
const kills = process.env['PORTLEDGER_LONG'] === '1' ? 2000 : 100;

describe(`store and intake, killed with -9 ${kills} times while eight publishers publish`, () => {
  it('hold every acknowledged event at its position, once, without a gap, under the same tree', async () => {
    const directory = newDirectory();
    const acknowledged = new Map<string, string>();
    const witness = new Witness(directory);
    let opened = 0;
    let ready = StoreProcess.start(directory, 'publish', [], 1);
    try {
      for (let round = 0; round < kills; round++) {
        const engine = ready;
        ready = StoreProcess.start(directory, 'publish', [], round + 2);
        engine.begin();
        // Some while they open the log, some at the first answers, most under full load.
        if (round % 10 === 5) await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
        else await engine.says(1 + Math.floor(Math.random() * 40));
        await engine.kill();
        for (const line of engine.said) {
          expect(line).not.toHaveProperty('refused');
          if ('opened' in line) opened++;
          for (const [id = '', position = ''] of (line['acknowledged'] as string[][] | undefined) ?? []) {
            // The same again is answered with the same position, before and after a kill.
            expect(position).toBe(acknowledged.get(id) ?? position);
            acknowledged.set(id, position);
          }
        }
        // The first one may have been killed before there was a log.
        if (opened > 0) await witness.look();
        expect(witness.lost(acknowledged)).toEqual([]);
      }
    } finally {
      await ready.kill();
    }
    expect(opened).toBeGreaterThan(kills * 0.8);
    expect(acknowledged.size).toBeGreaterThan(kills * 8);
  }, 3_600_000);
});
