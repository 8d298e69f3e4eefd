import type { VNode } from 'preact';
import { shortText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import type { FactRef } from './entity.js';

/** An event, when it became true, who told it, and when, where that was late. */
export function EventLink({ fact }: { readonly fact: FactRef }): VNode {
  const { ordinal, type, source, time, recordedAt, backDated, correction } = fact;
  return (
    <>
      <Link to={{ view: 'log', ordinal }}>
        #{ordinal} {shortText(type)}
      </Link>{' '}
      <Instant at={time} /> by <Name text={source} most={60} />
      {backDated && (
        <span class="told">
          {' '}
          told late, <Instant at={recordedAt} />
        </span>
      )}
      {correction && <span class="told"> correction</span>}
    </>
  );
}
