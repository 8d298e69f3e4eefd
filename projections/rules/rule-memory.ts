import type { Rule } from './rule.js';

/** What a rule noted under one key. Flat, so that a violation can store what the rule read. */
export interface Trace {
  /** Capture time of the frame that was noted last, ms since 1970. */
  readonly at: number;
  /** Capture time of the first frame of those counted, ms since 1970. */
  readonly since?: number;
  readonly mac?: string;
  readonly place?: string;
  readonly count?: number;
  /** MACs that held an address in turns, the last one last, with a space between them. */
  readonly hands?: string;
  /** Whose it was by the grants of that frame, empty for nobody's: what was counted by other grants is no longer true. */
  readonly owner?: string;
}

/**
 * What a rule may remember: small, bounded, and owned by the judge. It moves on with the order of the frames alone, so
 * that live and replay agree. Whoever records what a finding rests on records `get` and `heardAtHome` as it does lookups.
 */
export interface RuleMemory {
  get(key: string): Trace | undefined;
  set(key: string, trace: Trace): void;
  /**
   * When the MAC bound to a server was last heard at the place it is bound to, before this frame, ms since 1970; frames
   * that were cleared without asking the rules count. undefined: not since the judge began, or under another MAC.
   */
  heardAtHome(serverId: string, mac: string | undefined): number | undefined;
}

/** When a server's bound MAC was last heard at its own place, from whoever keeps account of that. */
export type HeardAtHome = RuleMemory['heardAtHome'];

const nobodyKeepsAccount: HeardAtHome = () => undefined;

/**
 * The memory of one rule: at most so many keys (2 or more), those noted longest ago are forgotten first, half of them at
 * once: a flood notes a new key with every frame, and taking keys out of a map one by one is slow.
 */
export class BoundedMemory implements RuleMemory {
  private young = new Map<string, Trace>();
  private old = new Map<string, Trace>();
  private readonly half: number;

  constructor(
    private readonly entries: number,
    readonly heardAtHome: HeardAtHome = nobodyKeepsAccount,
  ) {
    this.half = Math.max(1, Math.floor(entries / 2));
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(key: string): Trace | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, trace: Trace): void {
    if (this.entries === 0) return;
    if (this.young.size >= this.half && !this.young.has(key)) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, trace);
  }
}

/** The memories of all rules, for one judge to keep. */
export class RuleMemories {
  private readonly kept = new Map<Rule, RuleMemory>();

  /** @param heardAtHome the judge's account of bound MACs heard where they belong */
  constructor(private readonly heardAtHome: HeardAtHome = nobodyKeepsAccount) {}

  of(rule: Rule): RuleMemory {
    const known = this.kept.get(rule);
    if (known !== undefined) return known;
    const fresh = new BoundedMemory(rule.memory?.entries ?? 0, this.heardAtHome);
    this.kept.set(rule, fresh);
    return fresh;
  }

  /** The same memories, for judging once more what was judged before: they answer, and note nothing. */
  readOnly(): RuleMemories {
    return new ReadOnlyMemories(this);
  }
}

class ReadOnlyMemories extends RuleMemories {
  constructor(private readonly memories: RuleMemories) {
    super();
  }

  override of(rule: Rule): RuleMemory {
    const memory = this.memories.of(rule);
    return {
      get: (key) => memory.get(key),
      set: () => {},
      heardAtHome: (serverId, mac) => memory.heardAtHome(serverId, mac),
    };
  }
}
