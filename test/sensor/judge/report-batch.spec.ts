import type { JudgeReport } from '../../../src/sensor/judge/thread/judge-messages.js';
import { ReportBatch } from '../../../src/sensor/judge/thread/report-batch.js';

describe('reports of the judge', () => {
  it('are sent once for all, with the sum of what was taken of each source', () => {
    const batch = new ReportBatch();
    const broken: JudgeReport = { kind: 'broken', source: 1, why: 'no pcap' };
    for (const report of [
      { kind: 'taken', source: 1, amount: 100, frames: 1 },
      { kind: 'verdicts', verdicts: [] },
      { kind: 'taken', source: 2, amount: 7, frames: 0 },
      broken,
      { kind: 'taken', source: 1, amount: 200, frames: 2 },
    ] satisfies JudgeReport[])
      batch.add(report);
    expect(batch.takeAll()).toEqual([
      { kind: 'taken', source: 1, amount: 300, frames: 3 },
      { kind: 'taken', source: 2, amount: 7, frames: 0 },
      { kind: 'verdicts', verdicts: [] },
      broken,
    ]);
    expect(batch.takeAll()).toEqual([]);
  });
});
