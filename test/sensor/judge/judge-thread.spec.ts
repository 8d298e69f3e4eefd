import type { JudgeReport } from '../../../src/sensor/judge/thread/judge-messages.js';
import { judgeInThread } from '../../../src/sensor/judge/thread/judge-thread.js';
import { source66, until } from './sensor-rig.js';
import { spoofAt } from './judge-bench.js';

describe('the thread of the judge', () => {
  it('tells what it held as soon as it has learnt all, though nobody orders anything', async () => {
    const reports: JudgeReport[] = [];
    const told = (kind: JudgeReport['kind']): boolean => reports.some((report) => report.kind === kind);
    const start = { limits: {}, sources: [source66], holdsVerdicts: true };
    const judge = judgeInThread(
      start,
      (report) => reports.push(report),
      () => undefined,
    );
    judge.send({ kind: 'ready' });
    const observation = spoofAt(0, { kind: 'router-advertisement' });
    judge.send({ kind: 'observation', observation });
    await until('a detection is held', () => told('held'));
    expect(told('verdicts')).toBe(false);
    judge.learn({ kind: 'learnt-all' });
    await until('it is told', () => told('verdicts'));
    judge.send({ kind: 'close' });
    await until('the judge has closed', () => told('closed'));
  });
});
