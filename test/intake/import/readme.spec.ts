import { writeFileSync } from 'node:fs';
import { columnNames, columns } from '../../../src/intake/import/columns.js';
import { isWriting, markedBlock, writeMarkedBlock } from '../../docs/marked-page.js';
import { expectGenerated, markdownTable } from '../../support/markdown.js';
import { tempDirectory } from '../../support/temp-directory.js';
import { portledger } from '../../cli/said.js';

const directory = tempDirectory();
const page = 'src/intake/import/README.md';

describe('the page of the import', () => {
  it('has a line for every column', () => {
    const rows = columnNames.map((name) => {
      const { required, says, also } = columns[name];
      return [`\`${name}\``, required ? 'yes' : '', says, also.map((one) => `\`${one}\``).join(', ')];
    });
    expectGenerated(page, 'import-columns', markdownTable([['column', 'needed', 'what', 'also'], ...rows]));
  });

  it('shows what a dry run of its file says', async () => {
    writeFileSync(`${directory}/servers.csv`, markedBlock(page, 'import file').text);
    const words = ['--time', '2026-01-01T00:00:00Z'];
    const out = `$ portledger import csv servers.csv ${words.join(' ')}\n${await said(words)}`;
    if (isWriting) writeMarkedBlock(page, 'import dry run', 0, out);
    expect(markedBlock(page, 'import dry run').text.trimEnd()).toBe(out.trimEnd());
  });
});

/** What the command line answers of the file of the page, its directory left out. */
async function said(words: readonly string[]): Promise<string> {
  const { out } = await portledger(['import', 'csv', `${directory}/servers.csv`, ...words]);
  return out.replaceAll(`${directory}/`, '');
}
