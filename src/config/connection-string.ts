import type { AppConfig } from './app-config.js';
import { didYouMean } from './nearest.js';
import { type ShapeProblem, showValue } from './shape.js';

/** The keys that the server's client understands, and what their values must look like. */
const keys: Readonly<Record<string, { readonly expected: string; readonly form: RegExp }>> = {
  tls: { expected: 'true or false', form: /^(true|false)$/ },
  tlsCAFile: { expected: 'the path of a file', form: /./ },
  userCertFile: { expected: 'the path of a file', form: /./ },
  userKeyFile: { expected: 'the path of a file', form: /./ },
  tlsVerifyCert: {
    expected:
      'no tlsVerifyCert=false: this client ignores it and verifies all the same. Name the authority in tlsCAFile',
    form: /^true$/,
  },
  throwOnAppendFailure: {
    expected: 'no throwOnAppendFailure=false: the client then takes a refused append for a stored one',
    form: /^true$/,
  },
  nodePreference: {
    expected: 'leader, or no nodePreference: a follower may answer without what was just stored',
    form: /^leader$/i,
  },
  connectionName: { expected: 'a name', form: /./ },
  defaultDeadline: { expected: 'a whole number of milliseconds', form: /^[1-9]\d{0,8}$/ },
  maxDiscoverAttempts: { expected: 'a whole number', form: /^[1-9]\d{0,8}$/ },
  discoveryInterval: { expected: 'a whole number of milliseconds', form: /^[1-9]\d{0,8}$/ },
  gossipTimeout: { expected: 'a whole number of seconds', form: /^[1-9]\d{0,8}$/ },
  keepAliveInterval: { expected: 'a whole number of milliseconds, or -1', form: /^(-1|[1-9]\d{0,8})$/ },
  keepAliveTimeout: { expected: 'a whole number of milliseconds, or -1', form: /^(-1|[1-9]\d{0,8})$/ },
};
const pathKeys = ['tlsCAFile', 'userCertFile', 'userKeyFile'];
const host = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9]\d{0,4})?$/;

interface ConnectionString {
  readonly scheme: string;
  readonly hosts: readonly string[];
  /** Keys in the client's own spelling where it knows them; values as written. */
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/** Whether the log is on a server. */
export const isConnectionString = (eventStore: string): boolean => eventStore !== 'embedded';

/** What is wrong with the keys that choose the event store. Secrets are never shown. */
export function eventStoreProblems({ eventStore, eventStoreCredentialsFile }: AppConfig): ShapeProblem[] {
  const problem = (found: string, expected: string): ShapeProblem => ({ pointer: '/eventStore', found, expected });
  if (!isConnectionString(eventStore)) {
    if (eventStoreCredentialsFile === undefined) return [];
    const expected = 'none for the embedded store, or a connection string in /eventStore';
    return [{ pointer: '/eventStoreCredentialsFile', found: showValue(eventStoreCredentialsFile), expected }];
  }
  // The client takes everything up to a late "@" for user and password, so that none may stand anywhere.
  if (eventStore.includes('@'))
    return [
      problem(
        'an "@"',
        'no user and password here: put {"username": ..., "password": ...} into a file and name it in /eventStoreCredentialsFile (an "@" in a value is written %40)',
      ),
    ];
  const parsed = parse(eventStore);
  if (parsed === undefined)
    return [problem(showValue(eventStore), '"embedded", or a connection string esdb://... or esdb+discover://...')];
  const problems = parsed.hosts
    .filter((one) => !host.test(one))
    .map((one) => problem(`the host ${showValue(one)}`, 'a name or IPv4 address, with or without :port'));
  for (const [key, value] of parsed.settings) {
    const known = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (known === undefined)
      problems.push(problem(`the key ${showValue(key)}`, `one of ${allKeys}.${didYouMean(key, Object.keys(keys))}`));
    else if (!known.form.test(value)) problems.push(problem(`${key}=${value}`, known.expected));
  }
  return [...problems, ...secretsProblems(parsed, eventStoreCredentialsFile)];
}

const allKeys = Object.keys(keys)
  .filter((key) => key !== 'tlsVerifyCert' && key !== 'throwOnAppendFailure')
  .join(', ');

function secretsProblems({ settings }: ConnectionString, credentialsFile: string | undefined): ShapeProblem[] {
  const given = new Map(settings);
  const problems: ShapeProblem[] = [];
  if (given.has('userCertFile') !== given.has('userKeyFile')) {
    const expected = 'userCertFile and userKeyFile together';
    problems.push({ pointer: '/eventStore', found: 'one of the two', expected });
  }
  if (given.get('tls') === 'false' && credentialsFile !== undefined) {
    const expected = 'none together with tls=false: without TLS no credentials are sent';
    problems.push({ pointer: '/eventStoreCredentialsFile', found: showValue(credentialsFile), expected });
  }
  return problems;
}

/** The same choice, with the paths in a connection string made absolute. */
export function withAbsolutePaths(eventStore: string, absolute: (path: string) => string): string {
  const parsed = isConnectionString(eventStore) ? parse(eventStore) : undefined;
  if (parsed === undefined) return eventStore;
  const settings = parsed.settings.map(([key, value]) =>
    pathKeys.includes(key) ? `${key}=${encodeURIComponent(absolute(decodeURIComponent(value)))}` : `${key}=${value}`,
  );
  return `${parsed.scheme}://${parsed.hosts.join(',')}${settings.length === 0 ? '' : `?${settings.join('&')}`}`;
}

function parse(text: string): ConnectionString | undefined {
  const match = /^(esdb|esdb\+discover):\/\/([^/?]+)\/?(?:\?(.*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, scheme = '', hosts = '', query] = match;
  const pairs = query === undefined || query === '' ? [] : query.split('&');
  const settings = pairs.map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return at < 0 ? [spelling(pair), ''] : [spelling(pair.slice(0, at)), pair.slice(at + 1).trim()];
  });
  return { scheme, hosts: hosts.split(','), settings };
}

/** The client reads keys without regard to case, hyphens and underscores. */
function spelling(key: string): string {
  const flat = (text: string): string => text.trim().toLowerCase().replace(/[_-]/g, '');
  return Object.keys(keys).find((known) => flat(known) === flat(key)) ?? key.trim();
}
