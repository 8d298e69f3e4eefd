import { CaptureError } from '../../capture/capture.error.js';
import type { CaptureEnd } from '../../capture/capture.reader.js';
import { FrameStream } from '../../capture/frame-stream.js';
import { Delays } from '../../coverage/delays.js';
import { FrameJudge } from '../frame-judge.js';
import { DatedGrants } from '../grants/dated-grants.js';
import { HeldVerdicts } from '../held-verdicts.js';
import { judgeLimits } from '../judge-limits.js';
import type { JudgeNews, JudgeOrder, JudgeReport, JudgeStart } from './judge-messages.js';
import type { Verdict } from '../judge-verdict.js';
import { StoredIds } from './stored-ids.js';

/** One source as the judge hears it. */
interface Heard {
  readonly stream: FrameStream;
  readonly delays: Delays;
  broken: boolean;
}

/**
 * A judge with all it needs to hear captures: it takes orders and reports, and asks nobody. The same in a thread of its own,
 * in the engine's thread and in a remote sensor.
 */
export class JudgeDesk {
  private readonly grants: DatedGrants;
  private readonly judge: FrameJudge;
  private readonly held: HeldVerdicts;
  private readonly heard: readonly Heard[];
  private readonly ids = new StoredIds();
  private readonly seen = new Map<string, string>();

  constructor(
    { limits, sources, holdsVerdicts = false }: JudgeStart,
    private readonly report: (report: JudgeReport) => void,
    private readonly now: () => number,
  ) {
    this.grants = new DatedGrants(limits.inFlightWindowMs ?? judgeLimits.inFlightWindowMs);
    const tell = (verdicts: readonly Verdict[]): void => report({ kind: 'verdicts', verdicts });
    this.held = new HeldVerdicts({
      grants: this.grants,
      ask: () => report({ kind: 'held' }),
      release: tell,
      judgeAnew: (refuted) => this.judge.judgeAnew(refuted),
    });
    this.judge = new FrameJudge({
      grants: this.grants,
      limits,
      stored: {
        isViolation: (violationId) => this.ids.has(violationId),
        lastSeen: (port, vlan) => this.seen.get(`${port} ${vlan}`),
      },
      heldSince: () => this.held.since,
      onVerdicts: (verdicts) => (holdsVerdicts ? this.held.hold(verdicts) : tell(verdicts)),
      onFrameKept: (frame) => report({ kind: 'kept', frame }),
    });
    this.heard = sources.map((source) => {
      const number = this.judge.addSource(source);
      const stream = new FrameStream(`capture of ${source.name}`, (fields, record) =>
        this.judge.hear(number, fields, record),
      );
      return { stream, delays: new Delays(), broken: false };
    });
  }

  learn(news: JudgeNews): void {
    switch (news.kind) {
      case 'records':
        return this.grants.take(news.records, news.recordedAt);
      case 'forget':
        return this.judge.forget(news.violationId);
      case 'watched':
        return this.judge.prefixUse.watch(news.prefixes);
      case 'learnt-all':
        return this.held.learntAll();
      case 'stored':
        for (const id of news.violations) this.ids.add(id);
        for (const { port, vlan, mac } of news.seen) this.seen.set(`${port} ${vlan}`, mac);
    }
  }

  take(order: JudgeOrder): void {
    switch (order.kind) {
      case 'ready':
        return this.report({ kind: 'ready' });
      case 'begin':
        return this.begin(order.source, order.capture);
      case 'piece':
        return this.hear(order.source, order.piece);
      case 'frame':
        this.judge.hearDecoded(order.source, order.frame);
        return this.report({ kind: 'taken', source: order.source, amount: 1, frames: 1 });
      case 'observation':
        return this.judge.observe(order.observation);
      case 'flush':
        this.judge.flush(order.now);
        return this.tell();
      case 'close':
        this.judge.flush(Number.MAX_SAFE_INTEGER);
        this.held.close();
        this.tell();
        this.report({ kind: 'closed' });
    }
  }

  /** After the last piece of a capture that ends. @throws CaptureError when there was not even a whole header */
  end(source: number): CaptureEnd | undefined {
    const heard = this.heard[source];
    return heard?.broken === false ? heard.stream.end() : undefined;
  }

  private begin(source: number, capture: string): void {
    const heard = this.heard[source];
    if (heard === undefined) return;
    heard.stream.begin(capture);
    heard.broken = false;
  }

  private hear(source: number, piece: Uint8Array): void {
    const heard = this.heard[source];
    if (heard === undefined) return;
    const { tally } = heard.stream;
    const before = tally.frames;
    try {
      if (!heard.broken) heard.stream.push(piece);
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      heard.broken = true;
      this.report({ kind: 'broken', source, why: error.message });
    }
    const { lastFrameTime } = this.judge.countsOf(source);
    if (lastFrameTime !== undefined) heard.delays.note(this.now() - lastFrameTime, this.now());
    this.report({ kind: 'taken', source, amount: piece.length, frames: tally.frames - before });
  }

  private tell(): void {
    const { judge, now } = this;
    this.report({
      kind: 'counts',
      sources: this.heard.map(({ delays }, source) => ({ ...judge.countsOf(source), behindMs: delays.worst(now()) })),
      judge: judge.counts,
      exceptions: judge.judge.exceptionHits.all(),
      scorecard: { 48: judge.scorecard.top(48), 64: judge.scorecard.top(64) },
      prefixUse: judge.prefixUse.counts(),
      ordinal: this.grants.index.ordinal,
    });
  }
}
