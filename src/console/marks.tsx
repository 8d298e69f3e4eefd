import type { VNode } from 'preact';
import { inWords } from './violation.js';

/** A shape of its own for each severity, so that colour says it a second time only. */
const shapes: Readonly<Record<string, string>> = {
  critical: 'M6 0.5 11.5 6 6 11.5 0.5 6Z',
  high: 'M6 1 11.5 11H0.5Z',
  medium: 'M1.5 1.5h9v9h-9Z',
  low: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z',
};

export function Severity({ name }: { readonly name: string }): VNode {
  return (
    <span class={`severity ${shapes[name] === undefined ? '' : name}`}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path d={shapes[name] ?? shapes['low']} />
      </svg>
      {inWords(name)}
    </span>
  );
}

const stateMarks: Readonly<Record<string, string>> = {
  new: 'M6 2.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6',
  acknowledged: 'M6 2.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6M6 4v4M4 6h4',
  resolved: 'M2 6.5 5 9.5 10.5 3',
  'false-positive': 'M2.5 2.5l7 7M9.5 2.5l-7 7',
  exonerated: 'M2 6.5 5 9.5 10.5 3M1 11.5h10',
};

export function State({ name }: { readonly name: string }): VNode {
  return (
    <span class={`state ${stateMarks[name] === undefined ? '' : name}`}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path d={stateMarks[name] ?? stateMarks['new']} />
      </svg>
      {inWords(name)}
    </span>
  );
}
