import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../src/cli/whole-file.js';
import { tempDirectory } from '../support/temp-directory.js';

describe('a file that is written whole', () => {
  const directories = [tempDirectory(), tempDirectory()];
  it('takes the place of the old one, which nobody sees half replaced', () => {
    const [directory = ''] = directories;
    const [file, kept] = [join(directory, 'page.html'), join(directory, 'kept.html')];
    writeFileSync(file, 'old');
    linkSync(file, kept);
    writeWhole(file, 'new', '-o');
    expect([readFileSync(file, 'utf8'), readFileSync(kept, 'utf8')]).toEqual(['new', 'old']);
    expect(readdirSync(directory).sort()).toEqual(['kept.html', 'page.html']);
  });

  it('leaves nothing behind where it cannot be written, and tells which option names another', () => {
    const [, directory = ''] = directories;
    mkdirSync(join(directory, 'page.html', 'in-it'), { recursive: true });
    expect(() => writeWhole(join(directory, 'page.html'), 'new', '-o')).toThrow(/cannot be written.*with -o/);
    expect(readdirSync(directory)).toEqual(['page.html']);
  });
});
