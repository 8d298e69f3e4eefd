import type { VNode } from 'preact';
import { Section } from '../detail-sections.js';
import { Link, Name } from '../text.js';
import { inWords } from '../violation.js';
import { useRenumberings } from './use-renumberings.js';

/** The renumberings of a server, also those that ended; nothing where there is none. */
export function RenumberingsOf({ serverId }: { readonly serverId: string }): VNode | null {
  const { value = [] } = useRenumberings();
  const own = value.filter((one) => one.serverId === serverId);
  if (own.length === 0) return null;
  return (
    <Section title="Renumberings">
      <ul class="plain hits">
        {own.map(({ renumberingId, from, to, state }) => (
          <li key={renumberingId}>
            <Link to={{ view: 'renumbering', renumberingId }}>
              <Name text={from} /> to <Name text={to} />
            </Link>
            : {inWords(state)}
          </li>
        ))}
      </ul>
    </Section>
  );
}
