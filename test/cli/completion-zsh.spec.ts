import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDirectory } from '../support/temp-directory.js';
import { portledger } from './said.js';

const directory = tempDirectory();
const isThere = spawnSync('zsh', ['--version']).error === undefined;
const inZsh = isThere ? it : it.skip;

const killLine = '\u0015';

/** What a terminal with zsh shows; each line is typed once the text before it is there. */
async function typed(steps: readonly (readonly [typed: string, until: string])[]): Promise<string> {
  const env = { ...process.env, TERM: 'dumb', ZDOTDIR: directory, HOME: directory, LC_ALL: 'C' };
  const terminal = spawn('script', ['-qec', 'zsh -f -i', '/dev/null'], {
    ...{ cwd: directory, env, stdio: 'pipe', timeout: 60_000, killSignal: 'SIGKILL' },
  });
  let [shown, seen] = ['', 0];
  const left = [...steps];
  const type = (): void => void terminal.stdin.write(left[0]?.[0] ?? `${killLine}exit\r`);
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [step] = left;
    if (step === undefined || !shown.slice(seen).includes(step[1])) return;
    left.shift();
    seen = shown.length;
    type();
  });
  type();
  await once(terminal, 'close');
  return shown;
}

describe('completion in zsh', () => {
  inZsh(`works in zsh itself${isThere ? '' : ' (skipped: no zsh here; apt-get install zsh)'}`, async () => {
    const { out } = await portledger(['completion', 'zsh']);
    writeFileSync(join(directory, 'set-up.zsh'), `autoload -U compinit && compinit -u -D\n${out}`);
    const ready = ['source ./set-up.zsh && print rea\\dy\r', 'ready'] as const;
    const shown = await typed([
      ready,
      ['portledger audit who\t', 'who-had'],
      [`${killLine}portledger violations --rule addr\t`, 'address-spoof'],
      [`${killLine}portledger audit who-had 203.0.113.7 --betw\t`, '--between'],
    ]);
    expect(shown).toContain('portledger audit who-had');
    expect(shown).toContain('--rule address-spoof');
    expect(shown).toContain('--between');
  });
});
