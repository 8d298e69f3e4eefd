import { type UserRole, userRoles } from '../auth/principal.js';
import { Expect, Optional } from './shape.js';

const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** When a sign-in ends. */
export class SessionsConfig {
  /** Without a request or an open stream. */
  @Expect('a whole number of minutes from 1 to 1440', wholeNumber(1, 1440))
  idleMinutes = 30;
  /** In any case. */
  @Expect('a whole number of hours from 1 to 720', wholeNumber(1, 720))
  hours = 12;
}

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0 && value.length <= 500;

/** An OpenID Connect provider that people sign in at (OpenID Connect Core 1.0, authorization code flow). */
export class OidcConfig {
  @Expect('an https URL without user, password, query and fragment, or an http one on loopback', isProviderUrl)
  issuer!: string;
  @Expect('the id that the provider gave this engine', text)
  clientId!: string;
  /** Holds the client secret alone; without it this engine is a public client, safe by PKCE only. */
  @Optional()
  @Expect('the path of a file', text)
  clientSecretFile?: string;
  /** Where the provider sends people back to: the address of this engine as browsers know it, and `/v1/session/oidc/callback`. */
  @Expect('such a URL that ends in /v1/session/oidc/callback', isRedirectUrl)
  redirectUrl!: string;
  /** Asked for besides `openid`. */
  @Expect(
    'words with a space between',
    (value) => typeof value === 'string' && /^[\x21-\x7e]*( [\x21-\x7e]+)*$/.test(value),
  )
  scope = 'profile';
  /** Names the person in the log, as `user:<value>@<host of the issuer>`. Other claims than `sub` may be given to somebody else later. */
  @Expect('the name of a claim', text)
  nameClaim = 'sub';
  /** Claim of the ID token, a text or a list of them, that `roles` maps. */
  @Expect('the name of a claim', text)
  roleClaim = 'groups';
  /** A session of a provider's user ends after so long in any case: until then the roles stay those of the sign-in. */
  @Expect('a whole number of hours from 1 to 720', wholeNumber(1, 720))
  sessionHours = 8;
  /** The roles that each value of that claim gives. Who has none of them is refused. */
  @Expect(`an object of lists of ${userRoles.join(', ')}, such as {"noc": ["viewer"]}`, isRoleMap)
  roles: Readonly<Record<string, readonly UserRole[]>> = {};
}

function isProviderUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname));
}

function isRedirectUrl(value: unknown): boolean {
  return isProviderUrl(value) && new URL(value as string).pathname === '/v1/session/oidc/callback';
}

function isRoleMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (list: unknown) => Array.isArray(list) && list.every((role) => userRoles.some((known) => known === role)),
  );
}

/** Whether a host name or address can be reached from this machine only. */
export const isLoopbackName = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** How much one token or one user may send; what is more is answered 429. Ten seconds' worth may come at once. */
export class LimitsConfig {
  @Expect('a whole number from 1 to 1000000', wholeNumber(1, 1_000_000))
  requestsPerSecond = 50;
  /** Of events that are published, in batches or one by one. */
  @Expect('a whole number from 1 to 1000000', wholeNumber(1, 1_000_000))
  eventsPerSecond = 1000;
}

const whereOpen = ['nowhere', 'loopback', 'anywhere'] as const;

/** Who may read the figures of this engine. */
export class MetricsConfig {
  /** From where `/metrics` is answered without a token; with one of scope viewer, operator or auditor it always is. */
  @Expect(`one of ${whereOpen.join(', ')}`, (value) => whereOpen.some((one) => one === value))
  withoutToken: (typeof whereOpen)[number] = 'loopback';
}
