import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isWriting, markedBlocks, writeMarkedBlock } from './marked-page.js';
import { normalised, normalisedJson } from './normalised.js';
import { Shell } from './shell.js';

const page = 'src/audit/pairs/one-pair-per-mac.md';
const blocks = markedBlocks(page);
const answers = blocks.filter(({ mark }) => mark === 'answer');

describe('the page one pair per MAC', () => {
  let shell: Shell;
  beforeAll(async () => {
    shell = await Shell.open();
  });
  afterAll(() => shell.close());

  const runs = blocks.flatMap((run, index) => (run.mark === 'run' ? [[run.text, blocks[index + 1]] as const] : []));

  it.each(runs)('does what it says: %s', async (script, next) => {
    const said = await shell.run(script);
    // A running engine looks at the tokens file once a second.
    if (script.includes('token new')) await sleep(1_100);
    if (next?.mark !== 'answer') return;
    const isJson = next.language === 'json';
    if (isWriting) {
      const shown = isJson ? JSON.stringify(JSON.parse(said), null, 2) : said.replace(/[ \t]+$/gm, '');
      return writeMarkedBlock(page, 'answer', answers.indexOf(next), shown);
    }
    const comparable = (text: string): unknown => (isJson ? normalisedJson(text) : normalised(text).split('\n'));
    expect(comparable(next.text)).toEqual(comparable(said));
  });

  it('has three answers to type after, and is linked from the README', () => {
    expect(answers.length).toBeGreaterThanOrEqual(3);
    expect(readFileSync('README.md', 'utf8')).toContain(`(${page})`);
  });
});
