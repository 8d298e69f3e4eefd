// The page as the engine serves it: scripts and a style sheet with their content in their names, nothing inline.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const outDir = join(import.meta.dirname, '../../dist/console');

/** Each file also packed, so that the engine need not pack it for every reader; once written, for only then it is final. */
const packed = {
  name: 'packed',
  writeBundle() {
    for (const name of readdirSync(join(outDir, 'assets'))) {
      const file = join(outDir, 'assets', name);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  logLevel: 'warn',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    target: ['es2022', 'chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    // What many pages use is one file: packed together it is smaller, and a page asks for two files and not for ten.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 3, entriesAware: false }] } },
    },
  },
  plugins: [packed],
});
