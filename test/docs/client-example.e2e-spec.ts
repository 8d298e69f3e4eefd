import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isWriting, markedBlock, writeMarkedBlock } from './marked-page.js';
import { Shell } from './shell.js';

const page = 'README.md';
const compiler = resolve('node_modules/typescript7/bin/tsc');
const tokens =
  'umask 077; portledger token new --scope publisher --source urn:billing:eu --name billing > data/billing.token';

describe('the client in the README', () => {
  let shell: Shell;
  beforeAll(async () => {
    shell = await Shell.open();
    mkdirSync(join(shell.directory, 'node_modules/@types'), { recursive: true });
    symlinkSync(resolve('.'), join(shell.directory, 'node_modules/portledger'));
    symlinkSync(resolve('node_modules/@types/node'), join(shell.directory, 'node_modules/@types/node'));
    await shell.run(tokens);
    await takesToken();
  });
  afterAll(() => shell.close());

  /** A running engine looks at the tokens file once a second. */
  async function takesToken(): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      if ((await ask('capacity')).includes('"sites"')) return;
      await sleep(300);
    }
    throw new Error('the engine does not take the token');
  }

  const ask = (what: string): Promise<string> =>
    shell.run(`curl -sS -H "Authorization: Bearer $(cat data/billing.token)" "$PORTLEDGER_URL/v1/${what}"`);

  /** As the page says, with the compiler that is here. */
  const run = (script: string): Promise<string> => shell.run(`npx() { shift; node "${compiler}" "$@"; }\n${script}`);
  const script = markedBlock(page, 'client run').text;

  it('compiles against the declarations that are shipped, and says what the page shows', async () => {
    writeFileSync(join(shell.directory, 'sell.mts'), markedBlock(page, 'client').text);
    const said = await run(script);
    if (isWriting) writeMarkedBlock(page, 'client answer', 0, said);
    expect(markedBlock(page, 'client answer').text.trim()).toBe(said.trim());
    // Nothing of it is stored twice.
    expect((await run('node sell.mjs')).trim()).toBe(said.trim());
    expect((JSON.parse(await ask('servers/srv-20/status')) as { facts: object[] }).facts).toHaveLength(3);
  });

  it('takes no fact that the published language does not know', async () => {
    const wrong = [
      "{ type: 'ServerAded', id: '1', time, data: { serverId: 's' } }",
      "{ type: 'ServerMacEnrolled', id: '1', time, data: { serverId: 's', mac: 'm', firstSeen: time } }",
      "{ type: 'ServerMoved', id: '1', time, data: { serverId: 's', mac: 'm' } }",
      "{ type: 'ServerRemoved', id: '1', time, data: { serverId: 's', why: 'sold' } }",
      "{ type: 'ServerMacAdded', id: '1', time, data: { serverId: 's', mac: 'm', purpose: 'any' } }",
      "{ type: 'ServerRemoved', time, data: { serverId: 's' } }",
      "{ type: 'ServerRemoved', id: '1', data: { serverId: 's' } }",
    ];
    const right = "{ type: 'ServerRemoved', id: '1', time, data: { serverId: 's' } }";
    const lines = [right, ...wrong].map((fact, index) => `export const fact${index}: Fact = ${fact};`);
    const head = "import type { Fact } from 'portledger/client'; export const time = new Date();";
    writeFileSync(join(shell.directory, 'wrong.mts'), [head, ...lines, ''].join('\n'));
    const compile = script.split('\n', 1)[0]?.replace('sell.mts', 'wrong.mts') ?? '';
    const said = await run(compile).catch((error: unknown) => String(error));
    const refused = [...said.matchAll(/^wrong\.mts\((\d+),\d+\): error/gm)].map(([, line]) => Number(line));
    // The first line is the head, the second is right.
    expect([...new Set(refused)]).toEqual(wrong.map((_, index) => index + 3));
  });
});
