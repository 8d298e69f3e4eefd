import type { AlertChoice } from '../config/app-config.js';
import type { AlertItem } from '../drivers/alert/alert.port.js';
import type { Alert } from '../ops/alerts.js';
import { oneLine } from './one-line.js';

/** An alert that flickers for less than this is nobody's business; ms. */
export const settleMs = 2_000;
/** After a start nothing is said to be over for this long: what stood before is raised again in its own time; ms. */
const quietStartMs = 60_000;
/** In one message. */
const mostAtOnce = 50;

/** What to tell of the engine's own alerts. */
export interface Untold {
  readonly raised: readonly Alert[];
  /** Tokens of alerts that were told and stand no more. */
  readonly cleared: readonly string[];
}

/** The engine's own alerts as one destination was told them: a level, so what came and went in between is told to nobody. */
export class StandingAlerts {
  private readonly told: Set<string>;

  constructor(
    private readonly destination: string,
    private readonly choices: readonly AlertChoice[],
    /** Ms since 1970. */
    private readonly startedAt: number,
    told: Iterable<string> = [],
  ) {
    this.told = new Set(told);
  }

  /** What of the alerts that stand now is still to be told. */
  untold(standing: readonly Alert[], now: number): Untold {
    const mine = standing.filter((alert) => this.concerns(alert));
    const raised = mine.filter((alert) => !this.told.has(tokenOf(alert)) && dueAt(alert) <= now);
    if (now < this.startedAt + quietStartMs) return { raised: raised.slice(0, mostAtOnce), cleared: [] };
    const tokens = new Set(mine.map(tokenOf));
    const cleared = [...this.told].filter((token) => !tokens.has(token));
    return { raised: raised.slice(0, mostAtOnce), cleared: cleared.slice(0, mostAtOnce) };
  }

  /** When there will be something to tell although nothing changes, after now; ms since 1970. */
  nextAt(standing: readonly Alert[], now: number): number | undefined {
    const waiting = standing
      .filter((alert) => this.concerns(alert) && !this.told.has(tokenOf(alert)))
      .map(dueAt)
      .filter((at) => at > now);
    if (this.told.size > 0 && now < this.startedAt + quietStartMs) waiting.push(this.startedAt + quietStartMs);
    return waiting.length === 0 ? undefined : Math.min(...waiting);
  }

  tellOf({ raised, cleared }: { readonly raised: readonly string[]; readonly cleared: readonly string[] }): void {
    for (const token of raised) this.told.add(token);
    for (const token of cleared) this.told.delete(token);
  }

  /** That a destination cannot be reached is told to the others. */
  private concerns({ code, key }: Alert): boolean {
    if (code.startsWith('alert-') && key === this.destination) return false;
    return this.choices.includes(code === 'enrolment-undecided' ? 'enrolment-choice' : 'engine-alert');
  }
}

function dueAt({ since }: Alert): number {
  return Date.parse(since) + settleMs;
}

/** Names one alert among all: its code and what it is about, in one line. */
export function tokenOf({ code, key }: Alert): string {
  return oneLine(`${code} ${key}`);
}

export function raisedItem({ code, key, detail, since }: Alert): AlertItem {
  const kind = code === 'enrolment-undecided' ? 'enrolment.choice' : 'engine.alert-raised';
  return { kind, at: since, text: detail.slice(0, 1_000), facts: { code, about: key.slice(0, 240), since } };
}

export function clearedItem(token: string, at: string): AlertItem {
  const [code = '', ...key] = token.split(' ');
  return { kind: 'engine.alert-cleared', at, text: `It is over: ${token}`, facts: { code, about: key.join(' ') } };
}
