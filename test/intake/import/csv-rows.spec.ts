import fc from '../../support/property.js';
import { csvLine } from '../../../src/intake/import/rejects-file.js';
import { csv, rowsOf } from './rows-of.js';

const header = 'server,customer,port,vlan,prefixes\n';
const cellsOf = async (text: string, bytes?: number): Promise<unknown[]> =>
  (await rowsOf(csv(text, bytes))).map(({ original }) => original);

describe('a CSV file', () => {
  it.each([
    ['commas', 'server,customer,port,vlan\ns1,c1,leaf1:e1,11\n'],
    ['semicolons', 'server;customer;port;vlan\ns1;c1;leaf1:e1;11\n'],
    ['tabs', 'server\tcustomer\tport\tvlan\ns1\tc1\tleaf1:e1\t11\n'],
    ['CRLF', 'server,customer,port,vlan\r\ns1,c1,leaf1:e1,11\r\n'],
    ['CR', 'server,customer,port,vlan\rs1,c1,leaf1:e1,11'],
    ['a byte order mark', '\ufeffserver,customer,port,vlan\ns1,c1,leaf1:e1,11'],
    ['names spelt otherwise', 'Server ID,CUSTOMER-ID,"Switch Port",VLAN_ID\ns1,c1,leaf1:e1,11\n'],
    ['blank lines and blanks', 'server,customer,port,vlan\n\n , ,,\n s1 ,c1, leaf1:e1,11\n\n'],
    ['quotes', '"server","customer","port","vlan"\n"s1","c1","leaf1:e1","11"\n'],
  ])('with %s is read alike, in pieces of any size', async (_, text) => {
    for (const bytes of [1, 7, 4096]) {
      const [row, ...more] = await rowsOf(csv(text, bytes));
      expect(more).toEqual([]);
      expect(Object.fromEntries(row?.fields ?? [])).toEqual({
        server: 's1',
        customer: 'c1',
        port: 'leaf1:e1',
        vlan: '11',
      });
    }
  });

  it('holds delimiters, quotes and line ends inside quotes, and names the line where a row starts', async () => {
    const rows = await rowsOf(csv(`${header}s1,"c ""1"", or\r\nso",p,1,"a;b"\ns2,c,p,2,\n`));
    expect(rows.map(({ original }) => original)).toEqual([
      ['s1', 'c "1", or\r\nso', 'p', '1', 'a;b'],
      ['s2', 'c', 'p', '2', ''],
    ]);
    expect(rows.map(({ place }) => place)).toEqual(['line 2', 'line 4']);
  });

  it('takes a semicolon inside a cell for a part of it where commas part the cells', async () => {
    const [row] = await rowsOf(csv(`${header}s1,c,p,1,2001:db8::/48;2001:db8:1::/48\n`));
    expect(row?.fields.get('prefixes')).toBe('2001:db8::/48;2001:db8:1::/48');
  });

  it('gives back every cell that was written, whatever it holds', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\ufeff', ''));
    const record = fc
      .array(cell, { minLength: 5, maxLength: 5 })
      .filter((one) => one.some((text) => text.trim() !== ''));
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), async (records, bytes) => {
        expect(await cellsOf(header + records.map(csvLine).join(''), bytes)).toEqual(records);
      }),
      { numRuns: 300 },
    );
  });

  it('rejects a row with too many or too few fields, and reads on', async () => {
    const rows = await rowsOf(csv(`${header}s1,c,p,1\ns2,c,p,2,\ns3,c,p,3,,x\n`));
    expect(rows.map(({ problem }) => problem)).toEqual([
      'found 4 fields, expected 5',
      undefined,
      'found 6 fields, expected 5',
    ]);
  });

  it.each([
    ['a quote that is never closed', `${header}s1,"c,p,1,\ns2,c,p,2,\n`, 'ends within the quotes that open near line'],
    [
      'a record without an end',
      `${header}s1,${'x'.repeat(1024 * 1024 + 1)},p,1,\n`,
      'line 2 has more than 1048576 bytes',
    ],
    ['no header', '', 'is empty'],
    ['no column it needs', 'server,customer,port,vla\n', 'no column vlan (is "vla" meant?)'],
    ['no place', 'server,customer,vlan\n', 'no column port'],
    ['half a place', 'server,customer,vlan,switch\n', 'no column interface'],
    ['two columns of one meaning', 'server,server_id,customer,port,vlan\n', 'two columns mean server'],
  ])('with %s is refused whole, with the reason', async (_, text, reason) => {
    await expect(cellsOf(text)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(reason) as string,
    });
  });

  it('names the columns that mean nothing to it', async () => {
    expect([...(await csv('server,customer,port,vlan,colour,prefixs\n')).unread]).toEqual(['colour', 'prefixs']);
  });

  it('that breaks off hands on why', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${header}s1,c,p,1,\n`);
      await Promise.resolve();
      throw new Error('the disk is gone');
    }
    const { openCsv } = await import('../../../src/intake/import/csv-rows.js');
    await expect(rowsOf(openCsv('test.csv', breaking()))).rejects.toThrow('the disk is gone');
  });
});
