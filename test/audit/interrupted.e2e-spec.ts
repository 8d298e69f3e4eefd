import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ended } from '../cli/command-line.js';

const program = resolve('dist/test/audit/endless-audit.js');
const bounds = { timeout: 60_000, killSignal: 'SIGKILL', stdio: 'pipe' } as const;
const questions = [
  ['at', 'yesterday', '14:00', '--offline', 'there'],
  ['who-had', '203.0.113.7', '--offline', 'there'],
  ['explain', '203.0.113.7', '--offline', 'there'],
  ['diff', '#100', '#900000000', '--offline', 'there'],
  ['verify', '--data', 'there'],
];

describe('a long look into a log, of which somebody is tired,', () => {
  it.each(questions)('shows on a terminal how far %s is, and ends at Ctrl-C with 130', async (...words) => {
    const command = [process.execPath, program, 'audit', ...words].map((word) => `'${word}'`).join(' ');
    const terminal = spawn('script', ['-qec', command, '/dev/null'], bounds);
    let shown = '';
    let isTired = false;
    terminal.stdout.on('data', (piece: Buffer) => {
      shown += piece.toString();
      if (isTired || !/% \d+ events, \d+\/s, \d+ s left/.test(shown)) return;
      isTired = true;
      terminal.stdin.write('\u0003');
    });
    const { code } = await ended(terminal);
    expect(code).toBe(130);
    const [, bar = '', ...rest] = shown.split('\r\u001b[K');
    expect(bar).toMatch(/^\[[#-]{24}\] 0 % \d+ events, \d+\/s, \d+ s left/);
    expect(rest.at(-1)).toBe('portledger: Interrupted before there was an answer.\r\n');
  });

  it.each(questions)('says nothing of it in a pipe, and ends %s at SIGINT with 130 and no answer', async (...words) => {
    const child = spawn(process.execPath, ['--import', loudly, program, 'audit', ...words], bounds);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, out, err } = await ended(child);
    expect([code, out]).toEqual([130, 'it listens\n']);
    expect(err.replace(/^(at: |Reading the log).*\n/gm, '')).toBe(
      'portledger: Interrupted before there was an answer.\n',
    );
  });
});

/** Tells on standard output when the process would hear SIGINT. */
const loudly = `data:text/javascript,${encodeURIComponent(
  "process.on('newListener', (name) => name === 'SIGINT' && setImmediate(() => process.stdout.write('it listens\\n')))",
)}`;
