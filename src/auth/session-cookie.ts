/** Over plain HTTP browsers take a Secure cookie from localhost only. */
export const sessionCookie = '__Host-portledger';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The value of a cookie (RFC 6265 section 5.4); undefined when it is not sent, or sent twice with different values. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const { cookie } = headers;
  if (typeof cookie !== 'string') return undefined;
  const values = new Set<string>();
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) values.add(pair.slice(at + 1).trim());
  }
  return values.size === 1 ? [...values][0] : undefined;
}

/**
 * A Set-Cookie line with the prefix `__Host-` and what it demands: Secure, Path=/, no Domain.
 * @param maxAgeSeconds 0 takes the cookie away; without it, it ends with the browser
 */
export function setCookie(name: string, value: string, sameSite: 'Strict' | 'Lax', maxAgeSeconds?: number): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}${age}`;
}
