import { ConfigError, parseConfig } from '../../src/config/load-config.js';

const webhook = { url: 'https://hooks.example.net/x', secretFiles: ['hook.secret'] };
const mail = { host: 'mail.example.net', from: 'a@example.net', to: ['b@example.net'] };
const parse = (...destinations: object[]) =>
  parseConfig({ alerts: { destinations } }, '/etc/portledger/portledger.json');

function problem(...destinations: object[]): string {
  try {
    parse(...destinations);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

describe('destinations of alerts', () => {
  it('have defaults that let nothing out in the clear', () => {
    const [soc, siem, lead] = parse(
      { name: 'soc', webhook },
      { name: 'siem', syslog: { host: 'siem.example.net' } },
      { name: 'lead', mail: { ...mail, passwordFile: 'mail.password', user: 'portledger' } },
    ).alerts.destinations;
    expect(soc).toMatchObject({
      severity: 'low',
      billing: false,
      webhook: { allow: [], secretFiles: ['/etc/portledger/hook.secret'] },
    });
    expect(siem?.syslog).toMatchObject({ port: 514, protocol: 'tcp', format: 'ecs' });
    expect(lead?.mail).toMatchObject({
      port: 587,
      security: 'starttls',
      digestSeconds: 300,
      passwordFile: '/etc/portledger/mail.password',
    });
  });

  it.each<[string, object[], string]>([
    ['a kind that is misspelt', [{ name: 'soc', webhook, kinds: ['acknowleged'] }], 'Did you mean acknowledged?'],
    ['a key that is misspelt', [{ name: 'soc', webhok: webhook }], 'Did you mean webhook?'],
    ['a site that there is none of', [{ name: 'soc', webhook, sites: ['ams1'] }], '/alerts/destinations/0/sites/0'],
    [
      'two of one name',
      [
        { name: 'soc', webhook },
        { name: 'soc', mail },
      ],
      '/alerts/destinations/1/name',
    ],
    ['two varieties in one', [{ name: 'soc', webhook, mail }], 'found webhook and mail'],
    ['no variety', [{ name: 'soc' }], 'expected one of webhook, syslog, mail'],
    ['a name that could be another stream', [{ name: 'Leaf 1', webhook }], 'lower-case letters'],
    ['a secret in place of its file', [{ name: 'soc', webhook: { ...webhook, secret: 'whsec_x' } }], 'an unknown key'],
    ['three secrets', [{ name: 'soc', webhook: { ...webhook, secretFiles: ['a', 'b', 'c'] } }], 'one or two'],
    ['no secret', [{ name: 'soc', webhook: { url: webhook.url } }], '/alerts/destinations/0/webhook/secretFiles'],
    ['a password in a URL', [{ name: 'soc', webhook: { ...webhook, url: 'https://a:b@example.net' } }], 'without user'],
    ['a URL of another kind', [{ name: 'soc', webhook: { ...webhook, url: 'file:///etc/passwd' } }], 'an https URL'],
    ['the whole internet as internal', [{ name: 'soc', webhook: { ...webhook, allow: ['0.0.0.0/0'] } }], 'networks'],
    ['TLS to a collector that nobody knows', [{ name: 's', syslog: { host: 'h', protocol: 'tls' } }], 'neither caFile'],
    ['a user without a password', [{ name: 'm', mail: { ...mail, user: 'u' } }], 'both or neither'],
    [
      'a password in the clear',
      [{ name: 'm', mail: { ...mail, user: 'u', passwordFile: 'p', security: 'none' } }],
      'starttls or tls',
    ],
    ['a recipient that is two', [{ name: 'm', mail: { ...mail, to: ['a@b.example, c@d.example'] } }], 'mail address'],
    [
      'a recipient that ends a line',
      [{ name: 'm', mail: { ...mail, to: ['a@b.example\r\nBcc: c@d.example'] } }],
      'mail address',
    ],
    [
      'kinds for what nobody acknowledged',
      [{ name: 'l', mail, kinds: ['new'], unacknowledgedMinutes: 5 }],
      'one of them',
    ],
  ])('refuse %s', (_, destinations, said) => expect(problem(...destinations)).toContain(said));

  it('refuse the name of a device, whose journal it would share', () => {
    const device = { name: 'soc', interfacePattern: 'vlan{vlan}', ports: { 'leaf1:Ethernet1': 'vlan1' } };
    const gateways = [{ switch: 'leaf1', devices: [{ ...device, driver: { kind: 'simulated' } }] }];
    const config = {
      gateways,
      alerts: {
        destinations: [
          { name: 'soc', webhook },
          { name: 'soc-guard', webhook },
        ],
      },
    };
    expect(() => parseConfig(config, 'p.json')).toThrow(/destinations\/0\/name.*\n.*destinations\/1\/name/s);
  });
});
