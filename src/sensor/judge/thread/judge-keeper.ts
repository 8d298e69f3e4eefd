import type { Subscription } from 'rxjs';
import type { NetbootPrefixes } from '../../../../projections/index.js';
import type { LiveMap } from '../../../projector/live-map.js';
import type { SensorLog } from '../verdict-writer.js';
import type { JudgeLink, OpenJudge } from './judge-link.js';
import type { JudgeNews, JudgeOrder, JudgeReport, JudgeStart } from './judge-messages.js';
import { MapNews } from './map-news.js';

export interface JudgeKeeperOptions {
  readonly openJudge: OpenJudge;
  readonly liveMap: LiveMap;
  readonly log: SensorLog;
  readonly start: JudgeStart;
  /** What machines without a sold IPv4 address are started from; default nothing. */
  readonly netboot?: NetbootPrefixes;
  /** The judge knows the map, also one that was started again. */
  readonly onReady: () => void;
  readonly onReport: (report: JudgeReport) => void;
  /** Another judge takes over from one that ended; it knows nothing yet. */
  readonly onRestart: (why: string) => void;
}

const [firstRestartMs, longestRestartMs] = [100, 30_000];

/** Keeps a judge alive and informed: one that ends by itself is started again with a fresh snapshot of the map. */
export class JudgeKeeper {
  private link: JudgeLink | undefined;
  private news: MapNews | undefined;
  private waiting: Subscription | undefined;
  private again: NodeJS.Timeout | undefined;
  private restarted = 0;
  private gone: string | undefined;
  private delayMs = firstRestartMs;
  private isClosing = false;
  private closed: () => void = () => {};

  constructor(private readonly options: JudgeKeeperOptions) {}

  get restarts(): number {
    return this.restarted;
  }

  /** Why nothing is judged for now; undefined while a judge is there. */
  get trouble(): { readonly reason: string; readonly cure: string } | undefined {
    return this.gone === undefined
      ? undefined
      : { reason: `the judge ended: ${this.gone}`, cure: 'none is needed: it is started again by itself' };
  }

  learn(news: JudgeNews): void {
    this.link?.learn(news);
  }

  /** What is sent while no judge is there is lost, and counted by whoever hears it. */
  send(order: JudgeOrder): void {
    this.link?.send(order);
  }

  /** Opens a judge, and tells it everything once the map is live. */
  open(): void {
    const { openJudge, liveMap, start } = this.options;
    const link = openJudge(
      start,
      (report) => this.hear(report),
      (why) => this.ended(why),
    );
    this.link = link;
    if (liveMap.live) return this.tell(link);
    this.waiting = liveMap.changes$.subscribe(() => {
      this.waiting?.unsubscribe();
      this.tell(link);
    });
  }

  private tell(link: JudgeLink): void {
    const { liveMap, log, netboot } = this.options;
    const news = new MapNews(liveMap, (one) => link.learn(one), netboot);
    this.news = news;
    void news.start().then(
      () => link.send({ kind: 'ready' }),
      (error: unknown) => {
        log.error('the judge cannot be told the map', {
          reason: error instanceof Error ? error.message : String(error),
        });
        throw error;
      },
    );
  }

  /** Resolves when the judge has settled what it held and has reported everything. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.again);
    this.waiting?.unsubscribe();
    this.news?.stop();
    const { link } = this;
    if (link === undefined) return;
    const done = new Promise<void>((resolve) => (this.closed = resolve));
    link.send({ kind: 'close' });
    await done;
  }

  private hear(report: JudgeReport): void {
    if (report.kind === 'ready') {
      this.delayMs = firstRestartMs;
      this.gone = undefined;
      this.options.onReady();
    }
    this.options.onReport(report);
    if (report.kind === 'closed') this.closed();
  }

  private ended(why: string): void {
    this.waiting?.unsubscribe();
    this.news?.stop();
    this.link = undefined;
    this.closed();
    if (this.isClosing) return;
    this.gone = why;
    const { delayMs } = this;
    this.delayMs = Math.min(longestRestartMs, delayMs * 2);
    this.options.log.error('the judge ended and is started again', { reason: why, inMs: delayMs });
    this.again = setTimeout(() => {
      this.restarted++;
      this.options.onRestart(why);
      this.open();
    }, delayMs);
  }
}
