import type { Part } from '../day-sections.js';

/** A bar of a plot: what stands below it, and how high each of its parts is. */
export interface Bar {
  readonly name: string;
  readonly heights: readonly { readonly of: string; readonly value: number; readonly said: string }[];
}

export interface Plot {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** A report as it is shown: text, page and file are made of this. */
export interface Shown {
  readonly title: string;
  readonly says: string;
  /** The figures at the head of the page. */
  readonly keys: readonly (readonly [string, string])[];
  readonly plots: readonly Plot[];
  readonly parts: readonly Part[];
  /** The rows for another program, in minor units; the first is the header. */
  readonly csv: readonly (readonly string[])[];
}
