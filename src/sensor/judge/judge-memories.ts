import { type HeardAtHome, type Rule, RuleMemories, type RuleMemory, type Trace } from '../../../projections/index.js';

/** One thing a rule read from its memory, and what was there; null for nothing. */
export type Remembered =
  readonly ['remembered', string, Trace | null] | readonly ['heardAtHome', string, number | null];

/** The memories of all rules, which also note what was read from them for the frame that is judged now. */
export class NotingMemories extends RuleMemories {
  private readonly noting = new Map<string, NotingMemory>();
  private readonly noted: NotingMemory[] = [];

  constructor(heardAtHome: HeardAtHome) {
    super(heardAtHome);
  }

  override of(rule: Rule): NotingMemory {
    const known = this.noting.get(rule.name);
    if (known !== undefined) return known;
    const fresh = new NotingMemory(super.of(rule), this.noted);
    this.noting.set(rule.name, fresh);
    return fresh;
  }

  /** A new frame: what was read before is of no interest. */
  forgetNotes(): void {
    for (const memory of this.noted) memory.forgetNotes();
    this.noted.length = 0;
  }

  /** What this rule read for the frame. */
  notesOf(rule: Rule): readonly Remembered[] {
    return this.noting.get(rule.name)?.notes ?? [];
  }
}

export class NotingMemory implements RuleMemory {
  readonly notes: Remembered[] = [];
  /** True once it was asked or told something since this was last set to false. */
  isTouched = false;

  constructor(
    private readonly memory: RuleMemory,
    private readonly noted: NotingMemory[],
  ) {}

  get(key: string): Trace | undefined {
    const trace = this.memory.get(key);
    this.note(['remembered', key, trace ?? null]);
    return trace;
  }

  set(key: string, trace: Trace): void {
    this.isTouched = true;
    this.memory.set(key, trace);
  }

  heardAtHome(serverId: string, mac: string | undefined): number | undefined {
    const time = this.memory.heardAtHome(serverId, mac);
    this.note(['heardAtHome', serverId, time ?? null]);
    return time;
  }

  forgetNotes(): void {
    this.notes.length = 0;
  }

  private note(what: Remembered): void {
    this.isTouched = true;
    if (this.notes.length === 0) this.noted.push(this);
    this.notes.push(what);
  }
}
