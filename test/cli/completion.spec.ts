import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bashCompletion, completionsOf } from '../../src/cli/completion.js';
import { valuesOf } from '../../src/cli/closed-values.js';
import { verbs } from '../../src/cli/verbs.js';
import { runCli } from '../../src/cli/run-cli.js';

let script = '';

async function portledger(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    ...{ out: (text: string) => void (out += text), err: (text: string) => void (err += text) },
    ...{ errIsTerminal: false, env: {}, stdin: process.stdin },
  };
  return { code: await runCli(verbs, words, io), out, err };
}

/** What bash offers for the last of these words. */
const offered = (...words: string[]): string[] => offeredBy(script, ...words);

function offeredBy(script: string, ...words: string[]): string[] {
  const call = `${script}\nCOMP_WORDS=(portledger "$@"); COMP_CWORD=$#; _portledger; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', call, 'bash', ...words], { encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '');
}

beforeAll(async () => {
  const written = await portledger('completion', 'bash');
  expect(written).toMatchObject({ code: 0, err: '' });
  script = written.out;
});

describe('completion in bash', () => {
  it('offers the first word of every verb, each once', () => {
    const first = [...new Set(verbs.map(({ name }) => name.split(' ', 1)[0] ?? ''))].sort();
    expect(offered('').sort()).toEqual(first);
  });

  it('offers the second words of verbs that belong together, and the questions of the audit', () => {
    expect(offered('log', 's').sort()).toEqual(['stats', 'stream']);
    expect(offered('audit', 'who')).toEqual(['who-had']);
    expect(offered('audit', '')).toContain('diff');
  });

  it('offers the options of the verb that was named, whatever stands between, and of no other', async () => {
    for (const { name, load } of verbs) {
      const own = Object.keys((await load()).options).map((one) => `--${one}`);
      const all = [...new Set([...own, '--help', '--local', '--no-color'])].sort();
      expect(offered(...name.split(' '), '--').sort()).toEqual(all);
    }
    expect(offered('audit', 'who-had', '198.51.100.16', '--bet')).toEqual(['--between']);
    expect(offered('violations', 'show', '--seve')).toEqual([]);
  });

  it('takes no option for a word of the verb', () => {
    expect(offered('audit', '--json', 'who')).toEqual(['who-had']);
  });

  it('offers the options of the longest verb that was named, in whatever order verbs stand', async () => {
    const options = (name: string) => ({ [name]: { type: 'boolean', help: '' } as const });
    const written = bashCompletion(
      await completionsOf([
        { name: 'log', options: options('short') },
        { name: 'log tail', options: options('long') },
      ]),
    );
    expect(offeredBy(written, 'log', 'tail', '--')).toContain('--long');
    expect(offeredBy(written, 'log', 'tail', '--')).not.toContain('--short');
  });

  it('offers what an option can be behind it, and that alone', async () => {
    for (const { name, load } of verbs)
      for (const [option, spec] of Object.entries((await load()).options)) {
        const known = await valuesOf(spec);
        if (known !== undefined) expect(offered(...name.split(' '), `--${option}`, '')).toEqual(known);
      }
    expect(offered('audit', 'diff', '#1', '#2', '--axis', 'k')).toEqual(['known']);
    expect(offered('violations', 'mutes', '--state', 'e')).toEqual(['expired', 'ended']);
    expect(offered('violations', '--json', '--rule', 'addr')).toEqual(['address-spoof']);
  });

  it('offers nothing of its own where a subject or a file is wanted', () => {
    expect(offered('audit', 'who-had', '198')).toEqual([]);
  });

  it('is what zsh gets too, and no other shell', async () => {
    const zsh = await portledger('completion', 'zsh');
    expect([zsh.code, zsh.out.endsWith(script)]).toEqual([0, true]);
    for (const words of [['completion'], ['completion', 'tcsh'], ['completion', 'bash', 'zsh']])
      expect(await portledger(...words)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('bash') as string,
      });
  });
});

describe('completion in fish', () => {
  it('offers the same words and options as bash does', async () => {
    const { code, out } = await portledger('completion', 'fish');
    expect(code).toBe(0);
    const lists = (text: string, form: RegExp): string[] =>
      [...text.matchAll(form)].map(([, words = '', list = '']) => `${words.trim()}: ${list}`).sort();
    const fish = lists(out, /case '([^'*]*?) ?\*?'\n +printf '%s\\n' (.*)/g);
    expect(fish).toEqual(lists(script, /'([^']*)'\*?\) (?:next|options)='([^']*)'/g));
    expect(fish.length).toBeGreaterThan(verbs.length);
    const values = lists(out, /case '([^'*]+ \*--[^']+)'\n +printf '%s\\n' (.*)/g);
    expect(values).toEqual(lists(script.replaceAll("'*'", '*'), /'([^'*]+ \*--[^']+)'\) values='([^']*)'/g));
    expect(values).toContain('violations list *--muted: true false');
  });

  const fish = spawnSync('fish', ['--version']).error === undefined;
  const inFish = fish ? it : it.skip;
  inFish(`works in fish itself${fish ? '' : ' (skipped: no fish here; apt-get install fish)'}`, async () => {
    const home = mkdtempSync(join(tmpdir(), 'portledger-fish-'));
    try {
      writeFileSync(join(home, 'portledger.fish'), (await portledger('completion', 'fish')).out);
      const ask = (line: string): string[] =>
        execFileSync('fish', ['--no-config', '-c', `source $HOME/portledger.fish; complete -C '${line}'`], {
          // Where no file is called as a word begins.
          ...{ encoding: 'utf8', cwd: home, env: { ...process.env, HOME: home }, timeout: 20_000 },
        })
          .split('\n')
          .filter((one) => one !== '');
      expect(ask('portledger audit who')).toEqual(['who-had']);
      expect(ask('portledger log s')).toEqual(['stats', 'stream']);
      expect(ask('portledger audit who-had 198.51.100.16 --bet')).toEqual(['--between']);
      expect(ask('portledger violations --rule addr')).toEqual(['address-spoof']);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
