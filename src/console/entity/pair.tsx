import type { VNode } from 'preact';
import { Fact } from '../detail-sections.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';

/** The IPv4 and the IPv6 address of a server that go together for its MAC, or what is withheld and why. */
export interface Pair {
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
}

/** The pair as one fact of the server. */
export function PairFact({ pair: { ipv4, ipv6, withheld } }: { readonly pair: Pair }): VNode {
  const addresses = [ipv4, ipv6].filter((one) => one !== undefined);
  return (
    <Fact name="Pair">
      {addresses.length === 0 && 'none'}
      {addresses.map((one) => (
        <span key={one}>
          <Link to={{ view: 'entity', kind: 'address', name: one }}>
            <Name text={one} />
          </Link>{' '}
        </span>
      ))}
      {withheld.map(({ what, reason }) => (
        <span key={what}>
          {' '}
          <Name text={what} /> {shortText(reason)}
        </span>
      ))}
    </Fact>
  );
}
