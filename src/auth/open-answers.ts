import type { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';

const lookEveryMs = 1000;

/** What is needed of an answer under way. */
export interface OpenAnswer {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/**
 * The answers under way to callers who read: streams, waits, long downloads. Each is cut within two seconds after its
 * caller's token or session ended, or lost a scope it was begun with. Streams need not do anything for it.
 */
export class OpenAnswers {
  private readonly open = new Map<OpenAnswer, Principal>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly authenticator: Pick<Authenticator, 'current'>) {}

  /** Watches an answer until it is closed. */
  watch(principal: Principal, answer: OpenAnswer): void {
    this.open.set(answer, principal);
    answer.once('close', () => {
      this.open.delete(answer);
      if (this.open.size === 0) this.rest();
    });
    this.timer ??= setInterval(() => this.look(), lookEveryMs).unref();
  }

  /** Answers under way just now. */
  get size(): number {
    return this.open.size;
  }

  private look(): void {
    for (const [answer, principal] of [...this.open]) if (!this.stands(principal)) answer.destroy();
  }

  private stands(principal: Principal): boolean {
    const now = this.authenticator.current(principal);
    return now !== undefined && principal.scopes.every((scope) => now.scopes.includes(scope));
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
