import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrowingFile } from '../../../src/sensor/capture/growing-file.js';
import { tempDirectory } from '../../support/temp-directory.js';

describe('a file that is read while it grows', () => {
  const directory = tempDirectory();
  let file: GrowingFile;
  let path: string;

  beforeEach(async () => {
    path = join(directory, 'one.pcap');
    writeFileSync(path, 'header one');
    file = await GrowingFile.open(path);
  });
  afterEach(() => file.close());

  async function read(): Promise<[string, boolean] | undefined> {
    const piece = await file.next();
    return piece && [Buffer.from(piece.bytes).toString(), piece.isFirst];
  }

  it('is read on where it was left', async () => {
    expect(await read()).toEqual(['header one', true]);
    appendFileSync(path, ' two');
    await file.noticeRewriting();
    expect([await read(), await read()]).toEqual([[' two', false], undefined]);
  });

  it('is read from its beginning where it was written anew before anybody looked', async () => {
    await read();
    writeFileSync(path, 'header three four');
    await file.noticeRewriting();
    expect(await read()).toEqual(['header three four', true]);
  });

  it('is read from its beginning where it was written anew after somebody had looked, and longer than before', async () => {
    await read();
    await file.noticeRewriting();
    writeFileSync(path, 'header three four');
    expect([await read(), await read()]).toEqual([['header three four', true], undefined]);
  });
});
