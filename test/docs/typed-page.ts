import { setTimeout as sleep } from 'node:timers/promises';
import { isWriting, type MarkedBlock, markedBlocks, writeMarkedBlock } from './marked-page.js';
import { normalised, normalisedJson } from './normalised.js';
import { Shell } from './shell.js';

/** How the page shows an answer: JSON with one member a line, anything else as it is printed. */
function asShown(said: string, { language }: MarkedBlock): string {
  return language === 'json' ? JSON.stringify(JSON.parse(said), null, 2) : said.replace(/[ \t]+$/gm, '');
}

function comparable(text: string, { language }: MarkedBlock): unknown {
  return language === 'json' ? normalisedJson(text) : normalised(text).split('\n');
}

/**
 * The examples of a page as tests: each block under `run` is typed in a shell with an engine of its own, and what it prints
 * is held against the block under `answer` that follows.
 * @param least how many answers there must be
 */
export function describeTypedPage(page: string, least: number): void {
  const examples = markedBlocks(page).filter(({ mark }) => mark === 'run' || mark === 'answer');
  const pairs = examples.flatMap((run, index) => {
    if (run.mark !== 'run') return [];
    const answer = examples[index + 1];
    return [{ run, answer: answer?.mark === 'answer' ? answer : undefined }];
  });

  describe(`the examples of ${page}`, () => {
    let shell: Shell;
    beforeAll(async () => {
      shell = await Shell.open();
    });
    afterAll(() => shell.close());

    it.each(pairs.map((pair) => [pair.run.text.split('\n')[0] ?? '', pair] as const))(
      'do what they say: %s',
      async (_title, { run, answer }) => {
        const said = await shell.run(run.text);
        // A running engine looks at the tokens file once a second.
        if (run.text.includes('token new')) await sleep(1_100);
        if (answer === undefined) return;
        const index = pairs.filter((pair) => pair.answer !== undefined).findIndex((pair) => pair.answer === answer);
        if (isWriting) writeMarkedBlock(page, 'answer', index, asShown(said, answer));
        const shown = markedBlocks(page).filter(({ mark }) => mark === 'answer')[index]?.text ?? '';
        expect(comparable(shown, answer)).toEqual(comparable(said, answer));
      },
    );

    it('are there', () =>
      expect(pairs.filter(({ answer }) => answer !== undefined).length).toBeGreaterThanOrEqual(least));
  });
}
