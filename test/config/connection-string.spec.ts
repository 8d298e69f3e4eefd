import { ConfigError } from '../../src/config/app-config.js';
import { parseConfig } from '../../src/config/load-config.js';

function problemsOf(json: unknown): string {
  try {
    parseConfig(json, 'some.json');
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('the choice of the event store', () => {
  it('is the embedded one where nothing else is said', () => {
    expect(parseConfig({}, '/etc/portledger.json')).toMatchObject({
      eventStore: 'embedded',
      eventStoreNamespace: 'portledger',
    });
  });

  it.each([
    'esdb://db.example.net',
    'esdb://127.0.0.1:2113?tls=false',
    'esdb+discover://cluster.example.net:2113?nodePreference=leader&keepAliveInterval=-1',
    'esdb://a:2113,b:2113,c:2113?gossipTimeout=2&tls_ca_file=/etc/ca.pem',
  ])('can be %s', (eventStore) => {
    expect(problemsOf({ eventStore })).toBe('');
  });

  it('takes paths from the directory of the file, in the connection string as well', () => {
    const config = parseConfig(
      { eventStore: 'esdb://db?tlsCAFile=certs%2Fca.pem', eventStoreCredentialsFile: 'db.json' },
      '/etc/pl/portledger.json',
    );
    expect(config.eventStore).toBe('esdb://db?tlsCAFile=%2Fetc%2Fpl%2Fcerts%2Fca.pem');
    expect(config.eventStoreCredentialsFile).toBe('/etc/pl/db.json');
  });

  it.each([
    ['another word', { eventStore: 'postgres' }, '/eventStore: found "postgres", expected "embedded"'],
    ['a scheme of another client', { eventStore: 'kurrentdb://db' }, 'expected "embedded", or a connection string'],
    ['no host', { eventStore: 'esdb://?tls=false' }, 'expected "embedded", or a connection string'],
    ['half a host', { eventStore: 'esdb://a,:2113' }, '/eventStore: found the host ":2113", expected a name'],
    [
      'certificates that are not verified',
      { eventStore: 'esdb://db?tlsVerifyCert=false' },
      '/eventStore: found tlsVerifyCert=false, expected no tlsVerifyCert=false: this client ignores it',
    ],
    [
      'appends that fail without a word, however it is spelt',
      { eventStore: 'esdb://db?throw-on-append-failure=false' },
      '/eventStore: found throwOnAppendFailure=false, expected no throwOnAppendFailure=false: the client then takes',
    ],
    [
      'a node that may lag behind',
      { eventStore: 'esdb://db?nodePreference=follower' },
      '/eventStore: found nodePreference=follower, expected leader',
    ],
    [
      'a misspelt key',
      { eventStore: 'esdb://db?keepAliveIntervall=1' },
      '/eventStore: found the key "keepAliveIntervall", expected one of tls, ',
    ],
    [
      'a certificate without its key',
      { eventStore: 'esdb://db?userCertFile=a.pem' },
      '/eventStore: found one of the two, expected userCertFile and userKeyFile together',
    ],
    [
      'credentials that would not be sent',
      { eventStore: 'esdb://db?tls=false', eventStoreCredentialsFile: 'c.json' },
      '/eventStoreCredentialsFile: found "c.json", expected none together with tls=false',
    ],
    [
      'credentials for no server',
      { eventStoreCredentialsFile: 'c.json' },
      '/eventStoreCredentialsFile: found "c.json", expected none for the embedded store',
    ],
    ['a namespace that would be two', { eventStoreNamespace: 'a.b' }, '/eventStoreNamespace: found "a.b", expected'],
  ])('is not %s', (_name, json, expected) => {
    expect(problemsOf(json)).toContain(expected);
  });

  it('is never a place for a secret, which is not shown either', () => {
    for (const eventStore of ['esdb://admin:changeit@db', 'esdb://db?connectionName=x:changeit@db']) {
      const problems = problemsOf({ eventStore });
      expect(problems).toContain('/eventStoreCredentialsFile');
      expect(problems).not.toContain('changeit');
    }
  });
});
