import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describeLab } from '../lab/describe-lab.js';
import { isWriting, markedBlock, writeMarkedBlock } from './marked-page.js';
import { normalised } from './normalised.js';
import { shortened } from './shortened.js';

const page = 'README.md';

async function told(program: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [resolve('dist/test/story', program), ...args], {
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
  it.each([
    ['the demo', 'output of the demo', 'demo.js', '--once'],
    ['the Pi cloud', 'output of the pi cloud', 'pi-cloud/pi-cloud.js', '--pi-cloud'],
  ])(
    'shows what %s prints',
    async (_what, mark, program, ...args) => {
      const printed = shortened(await told(program, ...args));
      if (isWriting) writeMarkedBlock(page, mark, 0, printed);
      expect(normalised(markedBlock(page, mark).text).split('\n')).toEqual(normalised(printed).split('\n'));
    },
    600_000,
  );
});
