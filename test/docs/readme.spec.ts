import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endsOf, exitCode, exitCure, exitMeaning, type ExitName } from '../../src/cli/command.js';
import { verbs } from '../../src/cli/verbs.js';
import { parseConfig } from '../../src/config/load-config.js';
import { switchBirdBase } from '../lab/bird-base.js';
import { silence } from '../lab/lab-ports.js';
import { expectGenerated, markdownTable } from '../support/markdown.js';
import { isWriting, markedBlock, writeMarkedBlock } from './marked-page.js';

const page = 'README.md';

function expectBlock(mark: string, text: string): void {
  if (isWriting) writeMarkedBlock(page, mark, 0, text);
  expect(markedBlock(page, mark).text.trimEnd()).toBe(text.trimEnd());
}

describe('the README', () => {
  it('has a line for every verb, with its exit codes', async () => {
    const rows: string[][] = [];
    for (const verb of verbs) {
      const ends = endsOf(await verb.load());
      rows.push([`\`${verb.name}\``, verb.summary, ends.map((end) => exitCode[end]).join(', ')]);
    }
    expectGenerated(page, 'verbs', markdownTable([['verb', 'what it does', 'ends with'], ...rows]));
  });

  it('of the command line has a row for every exit code', () => {
    const rows = (Object.keys(exitCode) as ExitName[]).map((name) => [
      String(exitCode[name]),
      exitMeaning[name],
      exitCure[name],
    ]);
    const table = markdownTable([['code', 'means', 'what to do'], ...rows]);
    expectGenerated('src/cli/README.md', 'exit codes', table);
  });

  it('shows a configuration that is accepted, with every key of a device', () => {
    const config = parseConfig(JSON.parse(markedBlock(page, 'configuration').text), '/etc/portledger/portledger.json');
    expect(config.gateways[0]?.devices[0]).toMatchObject({
      mode: 'observe',
      driver: { kind: 'linux', protocol: 155 },
      bgp: { kind: 'bird' },
    });
    expect(config.sensors).toHaveLength(1);
  });

  it("shows the BIRD configuration that the lab's switch runs", () => {
    const files = {
      log: '/var/log/bird.log',
      include6: '/etc/bird/portledger6.conf',
      include4: '/etc/bird/portledger4.conf',
    };
    expectBlock('bird', switchBirdBase(files, { checkLink: true }));
  });

  it("shows the settings that keep the lab's switch silent", () => {
    expectBlock('settings', silence(['vlan16']).join('\n'));
  });

  it('names every tier of the tests in the order they run', async () => {
    const { default: config } = (await import(pathToFileURL(resolve('jest.config.mjs')).href)) as {
      default: { projects: { displayName: string }[] };
    };
    const shown = [...markedBlock(page, 'end of the tests').text.matchAll(/^== (\S+)$/gm)].map((match) => match[1]);
    expect(shown).toEqual(config.projects.map(({ displayName }) => displayName));
    expect(markedBlock(page, 'end of the tests').text).toMatch(/^N passed, N failed, N skipped$/m);
  });
});

describe('every README', () => {
  const pages = [
    page,
    ...['events', 'projections', 'src', 'test'].flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .map((name) => join(folder, String(name)))
        .filter((name) => name.endsWith('.md')),
    ),
  ];

  it.each(pages)('%s links only to what is there', (name) => {
    const targets = [...readFileSync(name, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)];
    const broken = targets.map((match) => match[1] ?? '').filter((to) => !existsSync(join(dirname(name), to)));
    expect(broken).toEqual([]);
  });

  it.each(readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory()))(
    'of src/$name is there',
    ({ name }) => expect(existsSync(join('src', name, 'README.md'))).toBe(true),
  );
});
