import type { JudgeReport } from './judge-messages.js';

type Taken = Extract<JudgeReport, { kind: 'taken' }>;

/** Reports on their way to the engine's thread, which is woken once for all of them; what was taken of a source is summed. */
export class ReportBatch {
  private reports: JudgeReport[] = [];
  private readonly taken = new Map<number, Taken>();

  add(report: JudgeReport): void {
    if (report.kind === 'taken') this.taken.set(report.source, sumOf(report, this.taken.get(report.source)));
    else this.reports.push(report);
  }

  /** What is to be sent now: in the order it was told, but for what was taken, which comes first. */
  takeAll(): JudgeReport[] {
    const all = [...this.taken.values(), ...this.reports];
    this.taken.clear();
    this.reports = [];
    return all;
  }
}

function sumOf(report: Taken, before: Taken | undefined): Taken {
  const { amount = 0, frames = 0 } = before ?? {};
  return { ...report, amount: report.amount + amount, frames: report.frames + frames };
}
