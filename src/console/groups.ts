import { ask, Problem, sentenceOf } from './api.js';
import type { Loaded } from './feed.js';
import { type Group, type Grouping, groupLines, type GroupsAnswer, type Line, standing } from './grouped.js';
import { oneAtATime } from './one-at-a-time.js';
import { type Filter, queryOf } from './filter.js';

/** The most the API gives at once. */
const mostGroups = 500;
/** Groups are counted again so much later at the earliest, ms, however much happens. */
const restMs = 2_000;

/** The groups of the violations that fit a filter, as the engine counts them. */
export class Groups {
  loaded: Loaded = { state: 'loading' };
  lines: readonly Line[] = [];
  /** Groups that are not here, and violations in all. */
  left = 0;
  violations = 0;
  private groups: readonly Group[] = [];
  private readonly ending = new AbortController();

  /** @param isHeld whether the reader is on a line or has one marked @param onChange told after every answer */
  constructor(
    private readonly by: Grouping,
    private readonly filter: Filter,
    private readonly isHeld: () => boolean,
    private readonly onChange: () => void,
  ) {}

  /** Asks again: something happened. */
  readonly refresh = oneAtATime(() => this.read(), restMs);

  stop(): void {
    this.ending.abort();
  }

  private async read(): Promise<void> {
    const { signal } = this.ending;
    if (signal.aborted) return;
    const query = queryOf(this.filter);
    query.set('by', this.by);
    query.set('limit', String(mostGroups));
    try {
      const answer = await ask<GroupsAnswer>(`/v1/violations/groups?${query.toString()}`, { signal });
      this.groups = standing(this.groups, answer.groups, this.isHeld());
      this.lines = groupLines(this.groups);
      this.left = answer.left;
      this.violations = answer.violations;
      this.loaded = { state: 'ready' };
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof Problem ? error.status : 503;
      // What is here stays while the engine is away.
      if (this.loaded.state !== 'ready' || status < 500)
        this.loaded = { state: 'failed', why: sentenceOf(error), isMalformed: status === 400 };
    }
    this.onChange();
  }
}
