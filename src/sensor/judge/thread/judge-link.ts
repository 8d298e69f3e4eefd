import { JudgeDesk } from './judge-desk.js';
import type { JudgeNews, JudgeOrder, JudgeReport, JudgeStart } from './judge-messages.js';

/** The way to a judge, wherever it works. Reports come in their order. */
export interface JudgeLink {
  learn(news: JudgeNews): void;
  /** A piece is given away with its order: nobody may look at it afterwards. */
  send(order: JudgeOrder): void;
}

/** Opens the way to a judge. `onEnded` is told once when it ended: whatever it knew is gone. */
export type OpenJudge = (
  start: JudgeStart,
  onReport: (report: JudgeReport) => void,
  onEnded: (why: string) => void,
) => JudgeLink;

/** A judge in the caller's own thread: each order is carried out before `send` returns. */
export const judgeHere: OpenJudge = (start, onReport) => {
  const desk = new JudgeDesk(start, onReport, Date.now);
  return { learn: (news) => desk.learn(news), send: (order) => desk.take(order) };
};
