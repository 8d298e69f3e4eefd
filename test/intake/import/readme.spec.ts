import { writeFileSync } from 'node:fs';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import { storeFacts } from '../../support/publish.js';
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
    expectTranscript('import dry run', await transcript('servers.csv', words));
  });

  it('shows what a comparison says, and how it ends', async () => {
    const store = await openEmbeddedStore({ directory: `${directory}/data`, create: true });
    const sold = (serverId: string, number: number, vlan: number) => [
      {
        type: 'ServerAdded' as const,
        data: {
          serverId,
          customerId: 'cust-7',
          port: `leaf1:Ethernet${number}`,
          vlan,
          mac: `52:54:00:00:00:0${number}`,
        },
      },
      { type: 'Ipv6PrefixAssigned' as const, data: { serverId, prefix: `2001:db8:${number}::/48` } },
    ];
    await storeFacts(store, [
      ...sold('srv-1', 1, 13),
      { type: 'Ipv6PrefixAssigned', data: { serverId: 'srv-1', prefix: '2001:db8:a::/48' } },
      { type: 'Ipv4AddOnBought', data: { serverId: 'srv-1', addOnId: 'ip-7', address: '198.51.100.1' } },
      ...sold('srv-9', 9, 19),
    ]);
    await store.close();
    writeFileSync(`${directory}/truth.csv`, markedBlock(page, 'import truth').text);
    expectTranscript('import compare', await transcript('truth.csv', ['--compare', '--data', 'data']));
  });
});

function expectTranscript(mark: string, text: string): void {
  if (isWriting) writeMarkedBlock(page, mark, 0, text);
  expect(markedBlock(page, mark).text.trimEnd()).toBe(text.trimEnd());
}

/** A call as a user sees it, its directory left out, and what it ends with. */
async function transcript(file: string, words: readonly string[]): Promise<string> {
  const given = words.map((word) => (word === 'data' ? `${directory}/data` : word));
  const { code, out } = await portledger(['import', 'csv', `${directory}/${file}`, ...given]);
  const call = `$ portledger import csv ${file} ${words.join(' ')}`;
  return `${call}\n${out.replaceAll(`${directory}/`, '')}$ echo $?\n${code}\n`;
}
