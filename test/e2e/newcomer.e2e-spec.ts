import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { CommandLine, type Ended } from '../cli/command-line.js';
import { tempDirectory } from '../support/temp-directory.js';

const directory = tempDirectory();
const line = new CommandLine(directory);
const hourMs = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * hourMs).toISOString();

/** srv-7 had the address for a month; srv-8 has had it for an hour. */
const facts = [7, 8].flatMap((number) => {
  const serverId = `srv-${number}`;
  const mac = `52:54:00:00:00:0${number}`;
  const data = { serverId, customerId: `c${number}`, port: `leaf1:Ethernet${number}`, vlan: number, mac };
  return [fact('ServerAdded', 720, data), ...(number === 7 ? [bought(serverId, 719)] : [])];
});
facts.push(fact('Ipv4AddOnCancelled', 1, { serverId: 'srv-7', addOnId: 'ip-1' }), bought('srv-8', 1));

function bought(serverId: string, hours: number): object {
  return fact('Ipv4AddOnBought', hours, { serverId, addOnId: 'ip-1', address: '203.0.113.7' });
}

function fact(
  type: Parameters<typeof exampleEvent>[0],
  hours: number,
  data: { readonly serverId: string; readonly addOnId?: string; readonly address?: string },
): object {
  const id = `${type}-${data.serverId}`;
  return exampleEvent(type, { id, subject: data.serverId, source: 'urn:test', time: ago(hours), data });
}

/** As typed into a shell, quotes and all. */
function typed(command: string): Promise<Ended> {
  const script = `portledger() { '${process.execPath}' '${resolve('dist/src/cli.js')}' "$@"; }\n${command}`;
  return new Promise((done) =>
    execFile('sh', ['-c', script], { cwd: directory, timeout: 60_000 }, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code), out, err }),
    ),
  );
}

let url = '';
beforeAll(async () => {
  url = await line.serve();
  writeFileSync(join(directory, 'facts.ndjson'), facts.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const token = await line.token('publisher');
  expect(await line.run('publish', 'facts.ndjson', '--url', url, ...token)).toMatchObject({ code: 0 });
});
afterAll(() => line.stop());

describe('a newcomer who asks who had 203.0.113.7 last Tuesday at 03:14', () => {
  it('finds the question on the first screen of --help, and how to ask it in what that names', async () => {
    const { out: help } = await typed('portledger --help');
    const [question = ''] = /portledger audit who-had .*/.exec(help.split('\n').slice(0, 24).join('\n')) ?? [];
    expect(question).toMatch(/^portledger audit who-had 203\.0\.113\.7 --at 'last tuesday 03:14'/);
    const asked = question.replace(/ *#.*/, '');

    const alone = await typed(asked);
    expect([alone.code, alone.out]).toEqual([2, '']);
    expect(alone.err).toContain('--token-file');

    const { out: more } = await typed('portledger audit who-had --help');
    const [, offline = ''] = /^ +(--offline) DIR /m.exec(more) ?? [];
    const { code, out, err } = await typed(`${asked} ${offline} data`);
    expect(code).toBe(0);
    expect(err).toMatch(/"last tuesday 03:14" is Tuesday \d{4}-\d\d-\d\dT03:14:00/);
    expect(out).toMatch(/^Who had 203\.0\.113\.7, as of /);
    expect(out).toMatch(/ srv-7 +c7 +leaf1:Ethernet7 /);
    expect(out).not.toContain('srv-8');
  });

  it('may type every question of the first screen as it stands there', async () => {
    const { out: help } = await typed('portledger --help');
    const questions = help
      .split('\n')
      .slice(0, 12)
      .flatMap((one) => /^ +\$ (portledger .*?) *#/.exec(one)?.[1] ?? []);
    expect(questions.length).toBeGreaterThan(3);
    const token = await line.token('auditor', 'viewer', 'security-analyst');
    for (const question of questions) {
      const { code, err } = await typed(`${question} ${token.join(' ')} --url ${url}`);
      expect([question, code, err.replace(/^--.* is \w+day .*\n/, '')]).toEqual([question, 0, '']);
    }
  });
});
