import { valuesOf } from '../../src/cli/closed-values.js';
import { verbs } from '../../src/cli/verbs.js';
import { portledger } from './said.js';

/** Every option with a closed set of values, as `verb --option`, and what it can be. */
async function closedOptions(): Promise<(readonly [string, readonly string[], readonly string[]])[]> {
  const found: (readonly [string, readonly string[], readonly string[]])[] = [];
  for (const { name, load } of verbs) {
    const command = await load();
    for (const [option, spec] of Object.entries(command.options)) {
      const known = await valuesOf(spec);
      if (known === undefined) continue;
      const word = command.words?.find((one) => Object.hasOwn(command.helpOf?.(one)?.options ?? {}, option));
      found.push([`${name} --${option}`, [...name.split(' '), ...(word === undefined ? [] : [word])], known]);
    }
  }
  return found;
}

/** The value with one letter of it wrong, where that is none of the others. */
function misspelt(value: string, known: readonly string[]): string | undefined {
  const wrong = value.length > 4 ? value.slice(0, 2) + value.slice(3) : `${value}x`;
  return known.includes(wrong) ? undefined : wrong;
}

const closed = await closedOptions();

describe('an option whose values are known', () => {
  it('is every one that tells a state, rule, severity, role, scope, axis or format', () => {
    expect(closed.map(([name]) => name).sort()).toEqual([
      'audit --axis',
      'exceptions grant --rule',
      'renumber list --state',
      'sensor parse --format',
      'sensor scorecard --length',
      'serve --log-format',
      'switches --state',
      'token --scope',
      'user --role',
      ...['muted', 'quiet', 'rule', 'severity', 'state', 'unknown'].map((one) => `violations --${one}`),
      ...['muted', 'quiet', 'rule', 'severity', 'state', 'unknown'].map((one) => `violations list --${one}`),
      'violations mute --rule',
      'violations mutes --state',
    ]);
  });

  it.each(closed)('%s suggests the value that was probably meant, and ends with 2', async (name, words, known) => {
    for (const value of known) {
      const wrong = misspelt(value, known);
      if (wrong === undefined) continue;
      const option = name.slice(name.lastIndexOf(' ') + 1);
      const { code, out, err } = await portledger([...words, option, wrong]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`${option}: found "${wrong}", expected one`);
      expect(err).toContain(`Did you mean ${value}?`);
    }
  });

  it('takes several with commas where it says so, and tells the one that is wrong', async () => {
    const { code, err } = await portledger(['violations', '--state', 'new,resolvd']);
    expect(code).toBe(2);
    expect(err).toContain('found "resolvd", expected one or more of new, acknowledged');
    expect((await portledger(['violations', '--state', 'new,resolved'])).err).toContain('No token');
    for (const words of [
      ['token', 'new', '--scope', 'viewer,auditr'],
      ['user', 'add', 'anna', '--role', 'viewer,auditr'],
    ])
      expect((await portledger(words)).err).toContain('found "auditr", expected one or more of');
    expect((await portledger(['violations', '--rule', 'mac-moved,mac-mismatch'])).code).toBe(2);
  });

  it('never lets a value move the cursor of a terminal', async () => {
    expect((await portledger(['violations', '--rule', '\u001b[2J'])).err).not.toContain('\u001b');
  });
});
