import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig } from '../../src/config/load-config.js';

const smtp = { host: 'mail.example.net', from: 'portledger@example.net' };
const day = { to: ['noc@example.net'], smtp };
const parse = (wanted: object) => parseConfig({ report: { day: wanted } }, '/etc/portledger/portledger.json');

function problem(wanted: object): string {
  try {
    parse(wanted);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the day report of a configuration', () => {
  it('goes nowhere unless somebody says where', () => {
    expect(parseConfig({}, '/etc/portledger/portledger.json').report.day).toBeUndefined();
  });

  it('is accepted as its page shows it', () => {
    const [, shown = ''] = /```json\n([^]*?)```/.exec(readFileSync('src/audit/report/by-mail.md', 'utf8')) ?? [];
    const { report } = parseConfig(JSON.parse(shown), '/etc/portledger/portledger.json');
    expect(report.day).toMatchObject({ at: '07:00', zone: 'Europe/Berlin', smtp: { user: 'portledger' } });
  });

  it('has defaults that send nothing in the clear', () => {
    const { report } = parse({ ...day, smtp: { ...smtp, user: 'portledger', passwordFile: 'smtp.password' } });
    expect(report.day).toMatchObject({
      ...{ at: '07:00', zone: 'UTC', to: ['noc@example.net'] },
      smtp: { port: 587, security: 'starttls', passwordFile: '/etc/portledger/smtp.password' },
    });
  });

  it.each(['Europe/Berlin', 'America/Argentina/Ushuaia', 'UTC'])('takes the zone %s', (zone) =>
    expect(parse({ ...day, zone }).report.day?.zone).toBe(zone),
  );

  it.each<[string, object, string]>([
    ['nobody to send it to', { smtp }, '/report/day/to: found nothing, expected a list of at least one mail address'],
    ['an empty list', { ...day, to: [] }, '/report/day/to'],
    ['no server', { to: day.to }, '/report/day/smtp: found nothing, expected an object'],
    [
      'an address that begins another header',
      { ...day, to: ['a@example.net\r\nBcc: b@example.net'] },
      '/report/day/to',
    ],
    ['a sender with a name', { ...day, smtp: { ...smtp, from: 'A <a@example.net>' } }, '/report/day/smtp/from'],
    ['a time that no clock shows', { ...day, at: '24:00' }, '/report/day/at: found "24:00", expected a time of day'],
    ['a time as in a speech', { ...day, at: '7:00' }, '/report/day/at'],
    ['a number as a time', { ...day, at: 700 }, '/report/day/at'],
    ['a zone that there is none of', { ...day, zone: 'Europe/Bonn' }, 'such as "Europe/Berlin"'],
    ['an offset as a zone', { ...day, zone: '+02:00' }, '/report/day/zone'],
    ['a password without a user', { ...day, smtp: { ...smtp, passwordFile: 'p' } }, 'found passwordFile without user'],
    [
      'a password in the clear',
      { ...day, smtp: { ...smtp, security: 'none', user: 'a', passwordFile: 'p' } },
      '/report/day/smtp/user: found a user without TLS, expected security starttls or tls',
    ],
    ['a password in place of its file', { ...day, smtp: { ...smtp, password: 'canary' } }, 'an unknown key'],
    ['a key that is misspelt', { ...day, tzone: 'UTC' }, 'Did you mean zone?'],
  ])('refuses %s', (_, wanted, why) => expect(problem(wanted)).toContain(why));
});
