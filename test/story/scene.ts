import { setTimeout as sleep } from 'node:timers/promises';
import type { StoryEngine, Tokens } from './engine.js';
import type { Stage } from './stage.js';

/** What a scene works with. The engine may be another one after a scene. */
export interface Play {
  readonly stage: Stage;
  readonly tokens: Tokens;
  engine: StoryEngine;
  /** Moments a later scene asks the audit about, RFC 3339. */
  readonly moments: Map<string, string>;
  /** Tells the audience one line. */
  readonly tell: (line: string) => void;
}

/** One scene: does something, looks at the world, throws when the world is not as the story says. */
export interface Scene {
  readonly title: string;
  play(play: Play): Promise<void>;
}

/** Longest wait for a state of the world, ms: a busy machine needs time, and an engine that was not woken looks by itself after 30 s. */
const patienceMs = 25_000;

/** Waits for a state of the world; gives the ms it took. Throws when it does not come. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs: number = patienceMs,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - start;
    if (performance.now() - start > withinMs) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await sleep(1);
  }
}

/** The story's own assertion: the world is as told, or the story stops. */
export function expectWorld(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`the world is not as told: ${what}`);
}

export const ms = (duration: number): string => `${duration.toFixed(1)} ms`;
