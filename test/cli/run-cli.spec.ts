import {
  CliError,
  type Command,
  type CommandIo,
  exitCode,
  exitCure,
  exitMeaning,
  type Verb,
} from '../../src/cli/command.js';
import { runCli } from '../../src/cli/run-cli.js';
import { verbs } from '../../src/cli/verbs.js';

function call(list: readonly Verb[], ...args: string[]) {
  const written = { out: '', err: '' };
  const io: CommandIo = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    errIsTerminal: false,
    env: {},
    stdin: (async function* () {})(),
  };
  return runCli(list, args, io).then((code) => ({ code, ...written }));
}

const greet: Command = {
  usage: ['portledger greet [--loud]'],
  options: { loud: { type: 'boolean', help: 'with emphasis' } },
  run: ({ options, positionals, io }) => {
    if (positionals[0] === 'nobody') throw new CliError(exitCode.notFound, 'There is nobody.');
    io.out(options.flag('loud') ? 'HELLO' : 'hello');
    return Promise.resolve(exitCode.ok);
  },
};
const loaded: string[] = [];
const verb = (name: string): Verb => ({
  name,
  summary: 'Greets',
  examples: [`portledger ${name} --loud`],
  load: () => (loaded.push(name), Promise.resolve(greet)),
});
const list = [verb('greet'), verb('other'), verb('shop open'), verb('shop close')];

describe('the command line', () => {
  it('shows every verb with its examples', async () => {
    const { code, out } = await call(verbs, '--help');
    expect(code).toBe(0);
    for (const one of verbs) {
      expect(out).toContain(one.summary);
      expect(one.examples.length).toBeGreaterThan(0);
      for (const example of one.examples) expect(out).toContain(`$ ${example}`);
    }
  });

  it.each(verbs.map((one) => one.name))('shows the options of %s', async (name) => {
    const { code, out } = await call(verbs, ...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: portledger ${name}`);
  });

  it('loads the verb that is called, and no other', async () => {
    loaded.length = 0;
    expect(await call(list, 'greet', '--loud')).toEqual({ code: 0, out: 'HELLO', err: '' });
    expect(loaded).toEqual(['greet']);
  });

  it('suggests the nearest verb and option, and calls both wrong usage', async () => {
    expect(await call(list, 'gret')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Did you mean greet?') as string,
    });
    expect(await call(list, 'greet', '--lod')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean loud?') as string,
    });
    expect(await call(list)).toMatchObject({ code: 2, out: '' });
  });

  it('runs a verb of two words, and tells the words that a first one can go with', async () => {
    loaded.length = 0;
    expect(await call(list, 'shop', 'close', '--loud')).toMatchObject({ code: 0, out: 'HELLO' });
    expect(loaded).toEqual(['shop close']);
    expect(await call(list, 'shop', 'opn')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('expected shop with one of open, close. Did you mean open?') as string,
    });
    expect(await call(list, 'shop')).toMatchObject({ code: 2, out: '' });
    const help = await call(list, 'shop', '--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('Usage: portledger shop open|close');
    expect(help.out).not.toContain('greet');
  });

  it('ends with the exit code and the words of what went wrong', async () => {
    expect(await call(list, 'greet', 'nobody')).toEqual({ code: 3, out: '', err: 'portledger: There is nobody.\n' });
  });

  it('shows what each exit code means and what to do about it', async () => {
    const { code, out } = await call(list, 'help', 'exit-codes');
    expect(code).toBe(0);
    for (const name of Object.keys(exitCode) as (keyof typeof exitCode)[])
      expect(out).toMatch(new RegExp(`^${exitCode[name]} +${exitMeaning[name]} +${exitCure[name]}$`, 'm'));
  });

  it('shows the help of a verb also as help VERB', async () => {
    expect(await call(list, 'help', 'shop', 'open')).toEqual(await call(list, 'shop', 'open', '--help'));
    expect(await call(list, 'help', 'gret')).toMatchObject({ code: 2, out: '' });
  });

  it('shows of a verb with words of its own the usage, options and examples of the one that is named', async () => {
    const { out } = await call(verbs, 'audit', 'who-had', '--help');
    expect(out).toContain('--between');
    expect(out).toContain('$ portledger audit who-had 203.0.113.7');
    expect(out).not.toMatch(/--checkpoint|audit diff/);
    expect((await call(verbs, 'audit', 'nonsense', '--help')).out).toContain('--checkpoint');
  });
});
