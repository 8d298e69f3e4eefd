import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describeLab } from '../lab/describe-lab.js';
import { isWriting, markedBlock, writeMarkedBlock } from './marked-page.js';
import { normalised } from './normalised.js';
import { shortened } from './shortened.js';

const page = 'README.md';
const mark = 'output of the demo';

async function demo(): Promise<string> {
  const child = spawn(process.execPath, [resolve('dist/test/story/demo.js'), '--once'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the demo ended with ${code}: ${err}`);
  return out;
}

describeLab('the README', () => {
  it('shows what the demo prints', async () => {
    const told = shortened(await demo());
    if (isWriting) writeMarkedBlock(page, mark, 0, told);
    expect(normalised(markedBlock(page, mark).text).split('\n')).toEqual(normalised(told).split('\n'));
  }, 600_000);
});
