import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, type CommandInput, exitCode } from '../cli/command.js';
import { EngineClient, problemOf } from '../cli/engine-client.js';
import { givenPlace, type LogDoors, spellPlace } from '../cli/log-place.js';
import { unrecorded } from './ask-auditor.js';
import { type LogPage, logPage, type LogQuestion, type LogView, UnknownPlace } from './log-page.js';
import { spellLogFilter } from './log-filter.js';
import { LogStatistics, type LogStats } from './log-stats.js';

const pollMs = 500;

/** Where the verbs that look into a log get their answers. */
export interface LogAsker {
  /** Waits up to `wait` seconds where there is nothing yet. */
  page(question: LogQuestion, wait?: number): Promise<LogPage>;
  stats(): Promise<LogStats>;
  close(): Promise<void>;
}

/** Asks the log where it is kept, when --offline or --config names it, else the running engine. */
export async function openAsker({ options, io }: CommandInput, doors: LogDoors): Promise<LogAsker> {
  const place = givenPlace(options, 'offline');
  if (place === undefined) return new EngineAsker(EngineClient.from(options, io));
  const store = await doors.openReader(place);
  io.err(unrecorded(spellPlace(place)));
  return new LocalAsker(store, () => store.close());
}

class LocalAsker implements LogAsker {
  constructor(
    private readonly log: LogView,
    readonly close: () => Promise<void>,
  ) {}

  async page(question: LogQuestion, wait = 0): Promise<LogPage> {
    try {
      for (let left = wait * 1000; ; left -= pollMs) {
        const page = await logPage(this.log, question);
        if (left <= 0 || page.events.length > 0 || page.next !== undefined) return page;
        await sleep(pollMs);
      }
    } catch (error) {
      throw error instanceof UnknownPlace ? new CliError(exitCode.notFound, `${error.message}.`) : error;
    }
  }

  stats(): Promise<LogStats> {
    return new LogStatistics(this.log).ask();
  }
}

class EngineAsker implements LogAsker {
  constructor(private readonly engine: EngineClient) {}

  async page({ after, limit, backwards, ...filter }: LogQuestion, wait = 0): Promise<LogPage> {
    const query = new URLSearchParams({ limit: String(limit), backwards: String(backwards), wait: String(wait) });
    for (const [name, value] of Object.entries(spellLogFilter(filter))) query.set(name, value);
    if (after !== undefined) query.set('after', after);
    const answer = await this.engine.request(`/v1/log?${query.toString()}`);
    if (answer.status < 400) return answer.body as LogPage;
    const problem = problemOf(answer);
    if (answer.status === 400) throw new CliError(exitCode.usage, problem.message);
    // An engine that stops or cannot read its log just now counts as one that does not answer.
    throw answer.status === 503 ? new CliError(exitCode.unreachable, problem.message) : problem;
  }

  async stats(): Promise<LogStats> {
    return (await this.engine.get('/v1/log/stats')) as LogStats;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
