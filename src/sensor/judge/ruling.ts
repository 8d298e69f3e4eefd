import type { Findings, Grants, Observation, PrimaryFinding, Rule } from '../../../projections/index.js';
import { HeardNow } from './heard-now.js';
import { heardAtHome } from './home-account.js';
import type { NotingMemory } from './judge-memories.js';
import type { Sighting } from './judge-sightings.js';
import { Identity, identityOf } from './judge-verdict.js';

/** A rule and its memory. */
export interface AskedRule {
  readonly rule: Rule;
  readonly memory: NotingMemory;
}

interface Answer extends PrimaryFinding {
  /** The exception that excuses it. */
  readonly exceptionId: string | undefined;
}

const nothing: Findings = { found: [], excepted: [] };

/**
 * What all rules say of one frame, and of frames quite like it for as long as no grant changes. A rule that looked at nothing
 * but the frame and the grants says the same again and need not be asked; one that looked at the time, at the port's traffic
 * or into its memory is asked for every frame. So this is what asking all of them gives, whatever rules there are.
 */
export class Ruling {
  readonly observation: HeardNow;
  /** The server at whose place the frame was heard from its bound MAC. */
  readonly home: string | undefined;
  private said: Findings = nothing;
  private readonly answers: (Answer | undefined)[] = [];
  /** The rules to ask each time, by their place in the order. */
  private readonly moving: number[] = [];
  private spelled: { readonly rule: Rule; readonly mac: string; readonly identity: Identity } | undefined;

  constructor(
    observation: Observation,
    readonly grants: Grants,
    private readonly rules: readonly AskedRule[],
    /** The MAC to be noted as seen. */
    readonly sighting: Sighting | undefined,
  ) {
    this.observation = new HeardNow(observation);
    this.home = heardAtHome(this.observation, grants);
    let isAny = false;
    for (let place = 0; place < rules.length; place++) {
      const answer = this.ask(place, true);
      this.answers.push(answer);
      if (answer !== undefined) isAny = true;
    }
    if (isAny) this.collect();
  }

  get findings(): Findings {
    return this.said;
  }

  /** Another frame like it was heard, and no grant has changed. */
  hearAgain(time: number): void {
    this.observation.hearAgain(time);
    let isMoved = false;
    for (const place of this.moving) {
      const answer = this.ask(place, false);
      if (answer !== undefined || this.answers[place] !== undefined) isMoved = true;
      this.answers[place] = answer;
    }
    if (isMoved) this.collect();
  }

  /** What a finding of this frame is counted as. */
  identityOf({ rule, finding }: PrimaryFinding): Identity {
    const { offendingMac: mac } = finding;
    if (this.spelled?.rule !== rule || this.spelled.mac !== mac)
      this.spelled = { rule, mac, identity: new Identity(identityOf(rule, finding, this.observation)) };
    return this.spelled.identity;
  }

  private ask(place: number, isFirst: boolean): Answer | undefined {
    const asked = this.rules[place];
    if (asked === undefined) return undefined;
    const { observation, grants } = this;
    const { rule, memory } = asked;
    observation.isWatched = false;
    memory.isTouched = false;
    const finding = rule.judge(observation, grants, memory);
    const exceptionId = finding === undefined ? undefined : grants.exceptionFor(rule.name, observation);
    if (isFirst && (observation.isWatched || memory.isTouched)) this.moving.push(place);
    return finding === undefined ? undefined : { rule, finding, exceptionId };
  }

  private collect(): void {
    const found: PrimaryFinding[] = [];
    const excepted: Findings['excepted'][number][] = [];
    for (const answer of this.answers) {
      if (answer === undefined) continue;
      const { rule, finding, exceptionId } = answer;
      if (exceptionId === undefined) found.push(answer);
      else excepted.push({ rule, finding, exceptionId });
    }
    this.said = { found, excepted };
  }
}
