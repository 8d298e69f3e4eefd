import type { ComponentChildren, VNode } from 'preact';
import { Link } from '../text.js';
import { listWords, type Overview } from './facts.js';
import type { List } from './place.js';

/** Billed, seen and pushed, each with the lists of what differs. */
export function Numbers({ overview: { counts, counting } }: { readonly overview: Overview }): VNode {
  if (counts === undefined) {
    const { counted = 0, rows = 0 } = counting ?? {};
    return (
      <p class="numbers counting" role="status">
        Counting the servers: {counted.toLocaleString('en')} of {rows.toLocaleString('en')}…
      </p>
    );
  }
  const of = (list: List): VNode => <Gap list={list} count={counts.differences[list]} />;
  return (
    <section class="numbers" aria-label="Servers">
      <Number name="Billed" meaning="servers sold now" value={counts.billed} />
      <Number name="Seen" meaning="MACs on a port" value={counts.seen}>
        {of('billed-not-seen')}
        {of('seen-not-billed')}
      </Number>
      <Number name="Pushed" meaning="servers whole on their devices" value={counts.pushed}>
        {of('billed-not-pushed')}
        {of('pushed-not-billed')}
      </Number>
    </section>
  );
}

interface NumberProps {
  readonly name: string;
  readonly meaning: string;
  readonly value: number;
  readonly children?: ComponentChildren;
}

function Number({ name, meaning, value, children }: NumberProps): VNode {
  return (
    <div class="number">
      <h2>{name}</h2>
      <p class="count">{value.toLocaleString('en')}</p>
      <p class="about">{meaning}</p>
      {children !== undefined && <ul class="plain">{children}</ul>}
    </div>
  );
}

function Gap({ list, count }: { readonly list: List; readonly count: number }): VNode {
  return (
    <li class={count === 0 ? 'even' : 'gap'}>
      <Link to={{ view: 'difference', list }}>
        <span aria-hidden="true">{count === 0 ? '✓' : '≠'}</span> {count.toLocaleString('en')}{' '}
        {listWords[list].title.toLowerCase()}
      </Link>
    </li>
  );
}
