import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { Empty, Loading, Trouble } from '../conditions.js';
import { Section } from '../detail-sections.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { ask } from '../api.js';
import { may } from '../session.js';
import { titleOf, understoodText } from './find-box.js';
import { type Found, type HitGroup, placeOfHit, questionOf, whereOf } from './found.js';
import type { FindPlace } from './find-place.js';

/** Every read of the log is recorded, so it is not read again by itself. */
const never = 2 ** 30;

/** All that is found by a text, in the past as well where the reader may look there. */
export function FindPage({ place: { text } }: { readonly place: Extract<FindPlace, { view: 'find' }> }): VNode {
  useEffect(() => {
    document.title = text === '' ? 'Find · portledger' : `${shortText(text, 60)} · portledger`;
    if (text === '') document.querySelector<HTMLInputElement>('.find-box input')?.focus();
  }, [text]);
  return (
    <div class="port-page">
      <header>
        <h1>
          Find <Name text={text} />
        </h1>
      </header>
      {text === '' ? (
        <Empty title="Find anything">
          <p>
            Type a MAC, an address or a prefix in any notation, a server, a customer, a port such as “leaf1 e16”, the id
            of a violation, or the beginning of one, into the box above. The key / goes there.
          </p>
        </Empty>
      ) : (
        <Hits key={text} text={text} />
      )}
    </div>
  );
}

function Hits({ text }: { readonly text: string }): VNode {
  const { session } = useApp();
  const past = may(session, 'GET /v1/audit/who-had');
  const { value, why, again } = usePolled(
    (signal) => ask<Found>(questionOf(text, { past, limit: 50 }), { signal }),
    text,
    never,
  );
  if (why !== undefined) return <Trouble title="Nothing can be found now" detail={why} onRetry={again} />;
  if (value === undefined) return <Loading what="what is found" />;
  if (value.groups.length === 0)
    return (
      <Empty title="Nothing is known of it">
        <p>{understoodText(value)}</p>
        <p>{past ? 'No event of the log names it.' : 'Whether anybody had it before only an auditor is told.'}</p>
      </Empty>
    );
  return (
    <div class="port-panes">
      {value.groups.map((group) => (
        <Group key={group.kind} group={group} />
      ))}
    </div>
  );
}

function Group({ group: { kind, hits, more } }: { readonly group: HitGroup }): VNode {
  return (
    <Section title={titleOf(kind)}>
      <ul class="plain hits found-hits">
        {hits.map((hit) => (
          <li key={hit.name}>
            <Link to={placeOfHit(hit)}>
              <Name text={hit.name} />
            </Link>
            <span>{shortText(whereOf(hit), 400)}</span>
            <span class="none">{hit.why}</span>
          </li>
        ))}
        {more && <li class="none">More fit: write more of it.</li>}
      </ul>
    </Section>
  );
}
