import type { Place } from '../place.js';
import { entityKinds } from './find-place.js';

/** Who has a thing, or had it until then. */
export interface Standing {
  readonly role: string;
  readonly server?: string;
  readonly customer?: string;
  readonly port?: string;
  readonly switch?: string;
  readonly state?: string;
  readonly until?: string;
}

export interface Hit {
  readonly kind: string;
  readonly name: string;
  readonly match: string;
  readonly why: string;
  readonly now: readonly Standing[];
  readonly past: readonly Standing[];
  readonly servers?: number;
  readonly link?: string;
  readonly violation?: { readonly rule: string; readonly state: string; readonly port?: string };
  readonly event?: { readonly id: string; readonly type: string; readonly stream: string; readonly recordedAt: string };
}

export interface HitGroup {
  readonly kind: string;
  readonly hits: readonly Hit[];
  readonly more: boolean;
}

export interface Found {
  readonly understood: readonly string[];
  readonly indexed: number;
  readonly groups: readonly HitGroup[];
}

/** The question to the engine; the log is asked too where the reader may: then it is recorded. */
export function questionOf(text: string, { past = false, limit = 8 } = {}): string {
  return `/v1/search?${new URLSearchParams({ q: text, limit: String(limit), ...(past ? { past: 'true' } : {}) }).toString()}`;
}

/** The page of what was found. */
export function placeOfHit({ kind, name }: Pick<Hit, 'kind' | 'name'>): Place {
  if (kind === 'port') return { view: 'port', port: name };
  if (kind === 'violation') return { view: 'feed', filter: {}, open: name };
  if (kind === 'event') return { view: 'log', ordinal: Number(name.slice(1)) };
  return { view: 'entity', kind: entityKinds.find((one) => one === kind) ?? 'server', name };
}

/** The only thing that is exactly what was asked for; undefined where there are several, or none. */
export function onlyExact(groups: readonly HitGroup[]): Hit | undefined {
  const exact = groups.flatMap(({ hits }) => hits.filter(({ match }) => match === 'exact'));
  return exact.length === 1 ? exact[0] : undefined;
}

/** Where it stands, in one line, which does not say its own name again. */
export function whereOf({ kind, name, now, past, servers, link, violation, event }: Hit): string {
  const told = ({ server, ...rest }: Standing): string =>
    standingText(
      kind === 'server' && server === name ? rest : { ...rest, ...(server === undefined ? {} : { server }) },
    );
  const parts = [
    ...(servers === undefined
      ? []
      : [`${servers > 200 ? 'more than 200' : servers} server${servers === 1 ? '' : 's'}`]),
    ...now.map(told),
    ...(link === undefined ? [] : [`link ${link}`]),
    ...past.map(told),
    ...(violation === undefined ? [] : [`${violation.rule}, ${violation.state}`]),
    ...(event === undefined ? [] : [`${event.type} in ${event.stream}`]),
  ];
  return parts.join('; ');
}

export function standingText({ role, server, customer, port, switch: name, state, until }: Standing): string {
  const place = port ?? name;
  const who = [server, customer, place === undefined ? undefined : `at ${place}`, state].filter(Boolean).join(' ');
  const how = role === 'holder' ? who : `${role} ${who}`;
  return until === undefined ? how : `${how} until ${until.slice(0, 16).replace('T', ' ')} UTC`;
}
