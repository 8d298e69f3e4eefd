import { isWriting, markedBlocks, writeMarkedBlock } from './marked-page.js';
import { normalised } from './normalised.js';
import { Shell } from './shell.js';

const page = 'src/audit/report/money/money.md';

describe('the page of what addresses earn', () => {
  let shell: Shell;
  beforeAll(async () => {
    shell = await Shell.open();
  });
  afterAll(() => shell.close());

  it('shows what its commands say, typed one after the other', async () => {
    const runs = markedBlocks(page);
    let answers = 0;
    let said = '';
    for (const { mark, text } of runs) {
      if (mark === 'run') said = await shell.run(text);
      else {
        if (isWriting) writeMarkedBlock(page, 'answer', answers, said);
        const shown = markedBlocks(page).filter((one) => one.mark === 'answer')[answers]?.text ?? '';
        expect(normalised(shown)).toBe(normalised(said));
        answers++;
      }
    }
    expect(answers).toBe(5);
  });
});
