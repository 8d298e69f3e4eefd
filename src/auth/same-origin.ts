import { ProblemError } from '../ops/problem.js';

/** What of a request tells where it comes from. */
export interface RequestOrigin {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `Host`, or what a trusted proxy says it was. */
  readonly host?: string;
}

/** The header that every request but GET and HEAD must carry which a cookie signs in. Another site's page cannot send it. */
export const csrfHeader = 'x-portledger-csrf';

/**
 * Refuses a request that another site's page may have sent with this browser's cookie; both headers are believed where
 * they are sent. Throws a ProblemError 403 that names the cure.
 */
export function mustBeOfOurOwn(request: RequestOrigin): void {
  mustNotBeCrossSite(request);
  if (request.headers[csrfHeader] === '1') return;
  throw crossSite(
    `A request that a cookie signs in must carry the header ${csrfHeader}: 1, unless it is a GET or a HEAD.`,
  );
}

/** The same for a request that needs no header of ours, because it carries what it is let in by. */
export function mustNotBeCrossSite({ headers, host }: RequestOrigin): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin')
    throw crossSite(
      `Sec-Fetch-Site: found ${shown(site)}, expected same-origin. Send it from a page of this engine, or with a token.`,
    );
  const { origin } = headers;
  const own = host ?? headers['host'];
  if (origin === undefined || hostOf(origin) === String(own).toLowerCase()) return;
  throw crossSite(
    `Origin: found ${shown(origin)}, expected the host this request is for. Send it from a page of this engine, or with a token; behind a proxy, name it in listen.trustedProxies.`,
  );
}

const crossSite = (detail: string): ProblemError => new ProblemError(403, 'cross-site-request', detail);

const shown = (value: string | string[]): string => JSON.stringify(String(value).slice(0, 100));

function hostOf(origin: string | string[]): string | undefined {
  return typeof origin === 'string' && URL.canParse(origin) ? new URL(origin).host : undefined;
}
