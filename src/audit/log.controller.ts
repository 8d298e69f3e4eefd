import { Controller, Get, Inject, type OnModuleDestroy, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Recorded } from '../auth/recorded.js';
import { RequireScope } from '../auth/require-scope.js';
import { EVENT_STORE, type EventStore, StoreError } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { isEcho } from './access/echo.js';
import { logFilterDocs } from './log-filter-docs.js';
import { type LogPage, logPage, type LogQuestion, longestWait, mostEvents, readLogQuestion } from './log-page.js';
import { UnknownPlace } from './log-page.js';
import { type LogHead, logHead, LogStatistics, type LogStats } from './log-stats.js';
import { understood } from './problems.js';
import type { Fields } from './question.js';

/** Each one who waits reads the log again at every event. */
const mostWaiting = 100;

const fields = {
  after:
    'go on after this event: its id (`next` or `last` of an answer), `#` and an ordinal or, without `stream`, its position',
  limit: `events in one answer, 1 to ${mostEvents} (default 100)`,
  backwards: '`true`: newest first',
  ...logFilterDocs,
  wait: `where there is nothing yet, wait for it, at most so many seconds (0 to ${longestWait})`,
} as const;

const questionDocs: MethodDecorator = (target, key, descriptor) => {
  for (const [name, description] of Object.entries(fields))
    ApiQuery({ name, type: String, required: false, description })(target, key, descriptor);
};

/** The log itself: every event of every stream, as it is stored. */
@ApiTags('log')
@ApiBearerAuth()
@Controller('v1/log')
@RequireScope('auditor')
export class LogController implements OnModuleDestroy {
  private readonly statistics: LogStatistics;
  private readonly waiting = new Set<() => void>();
  private isClosing = false;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {
    this.statistics = new LogStatistics(store);
  }

  @Get()
  @Recorded({
    results: ({ events }: LogPage) => events.length,
    follows: ({ wait }) => wait !== undefined && wait !== '0',
    isEcho: ({ events }: LogPage) => isEcho(events),
  })
  @questionDocs
  @ApiOperation({
    summary: 'Events in log order, a page at a time',
    description:
      'A page looks at no more than 10,000 events: `lookedAt` says how many it did, `next` where to go on. An event that cannot be read carries the reason in `unreadable`. Follow the log by asking again with `after` = `last` and `wait`.',
  })
  @ApiResponse({ status: 400, description: 'question-malformed, or unknown-position: `after` is no event of this log' })
  @ApiResponse({ status: 503, description: 'too-many-waiting: ask without `wait`' })
  async page(@Query() asked: Fields): Promise<LogPage> {
    const { wait, ...question } = understood(readLogQuestion(asked));
    try {
      return wait === 0 ? await logPage(this.store, question) : await this.wait(question, wait * 1000);
    } catch (error) {
      if (error instanceof UnknownPlace) throw new ProblemError(400, 'unknown-position', error.message);
      if (error instanceof StoreError) throw unavailable('store-unavailable', error.message);
      throw error;
    }
  }

  @Get('head')
  @ApiOperation({ summary: 'Log id, size and root hash (RFC 6962)' })
  head(): Promise<LogHead> {
    return logHead(this.store);
  }

  @Get('stats')
  @Recorded()
  @ApiOperation({ summary: 'The head, and what is in the log: events by type and stream family, bytes, times' })
  stats(): Promise<LogStats> {
    return this.statistics.ask();
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    for (const wake of [...this.waiting]) wake();
  }

  private async wait(question: LogQuestion, waitMs: number): Promise<LogPage> {
    if (this.isClosing) throw unavailable('engine-stops', 'The engine stops. Ask again when it has been started.');
    if (this.waiting.size >= mostWaiting) {
      const detail = `${mostWaiting} requests wait for the log already. Ask without wait, or again later.`;
      throw unavailable('too-many-waiting', detail);
    }
    const until = performance.now() + waitMs;
    for (let asked = question; ;) {
      // Listened for before the log is read: what is stored in between wakes it.
      const arrival = this.nextArrival(until - performance.now());
      const page = await logPage(this.store, asked).catch((error: unknown) => {
        arrival.cancel();
        throw error;
      });
      if (page.events.length > 0 || page.next !== undefined || performance.now() >= until) {
        arrival.cancel();
        return page;
      }
      if ((await arrival.came) === 'closing') return page;
      asked = page.last === undefined ? asked : { ...asked, after: page.last };
    }
  }

  private nextArrival(waitMs: number): { readonly came: Promise<'event' | 'time' | 'closing'>; cancel(): void } {
    let end: (why: 'event' | 'time' | 'closing') => void = () => {};
    const came = new Promise<'event' | 'time' | 'closing'>((resolve) => (end = resolve));
    const wake = (): void => end('closing');
    const timer = setTimeout(() => end('time'), Math.max(0, waitMs));
    const subscription = this.liveMap.events$.subscribe(() => end('event'));
    this.waiting.add(wake);
    void came.then(() => {
      clearTimeout(timer);
      subscription.unsubscribe();
      this.waiting.delete(wake);
    });
    return { came, cancel: () => end('time') };
  }
}

function unavailable(code: string, detail: string): ProblemError {
  return new ProblemError(503, code, detail, {}, { 'retry-after': '5' });
}
