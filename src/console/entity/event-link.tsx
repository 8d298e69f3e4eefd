import type { VNode } from 'preact';
import { shortText } from '../shown-text.js';
import { Instant, Link } from '../text.js';
import type { FactRef } from './entity.js';

/** An event, when it became true, and what is special about when it was told. */
export function EventLink({ fact: { ordinal, type, time, backDated, correction } }: { readonly fact: FactRef }): VNode {
  return (
    <>
      <Link to={{ view: 'log', ordinal }}>
        #{ordinal} {shortText(type)}
      </Link>{' '}
      <Instant at={time} />
      {backDated && <span class="told"> told late</span>}
      {correction && <span class="told"> correction</span>}
    </>
  );
}
