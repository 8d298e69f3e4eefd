/* oxlint-disable typescript/unbound-method -- each is called on the object it was taken from */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// The engine as it is, in a process that dies by its own hand at one point of a push: wrapped around what the drivers,
// the files and the journal do, before the engine's code is loaded. The point is named in the file CONFIG.kill; without
// that file it is an engine like any other. Usage: kill-child.js serve --config CONFIG

export const killPoints = [
  'before the start is journaled',
  'after the start is journaled',
  'before the stamp is written',
  'after the stamp is written',
  'before entries are added',
  'after entries are added',
  'before the entries are read back',
  'before an include file is written',
  'after an include file is written',
  'before BIRD checks',
  'before BIRD is configured',
  'after BIRD is configured',
  'before BIRD is told to keep it',
  'after BIRD was told to keep it',
  'before entries are removed',
  'after entries are removed',
  'before the end is journaled',
  'after the end is journaled',
] as const;
export type KillPoint = (typeof killPoints)[number];

const config = process.argv[process.argv.indexOf('--config') + 1] ?? '';

function at(point: KillPoint): void {
  const file = `${config}.kill`;
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== point) return;
  process.kill(process.pid, 'SIGKILL');
  for (;;); // not one step further until the signal is there
}

/** Dies before or after a step where the point of that name is wanted. */
async function around<Result>(what: Step | undefined, work: () => Promise<Result>): Promise<Result> {
  if (what?.before !== undefined) at(what.before);
  const result = await work();
  if (what?.after !== undefined) at(what.after);
  return result;
}
interface Step {
  readonly before?: KillPoint;
  readonly after?: KillPoint;
}

async function wrapEngine(): Promise<void> {
  const { IpCoprocess } = await import('../../src/transports/ip-coprocess.js');
  const { BirdControl } = await import('../../src/drivers/bgp/bird-control.js');
  const { Journal } = await import('../../src/reactors/journal.js');

  const ip = IpCoprocess.prototype;
  const carryOut = ip.ask;
  let added = false;
  ip.ask = function (commands) {
    const adds = commands.some((one) => one.startsWith('neigh replace'));
    const removes = commands.some((one) => one.startsWith('neigh del'));
    const step: Step | undefined = adds
      ? { before: 'before entries are added', after: 'after entries are added' }
      : removes
        ? { before: 'before entries are removed', after: 'after entries are removed' }
        : added
          ? { before: 'before the entries are read back' }
          : undefined;
    added = adds;
    return around(step, () => carryOut.call(this, commands));
  };

  const bird = BirdControl.prototype;
  const command = bird.command;
  const steps: Readonly<Record<string, Step>> = {
    check: { before: 'before BIRD checks' },
    timeout: { before: 'before BIRD is configured', after: 'after BIRD is configured' },
    confirm: { before: 'before BIRD is told to keep it', after: 'after BIRD was told to keep it' },
  };
  bird.command = function (text) {
    const step = /^configure (\w+)/.exec(text)?.[1];
    return around(step === undefined ? undefined : steps[step], () => command.call(this, text));
  };

  const journal = Journal.prototype;
  const { started, finished } = journal;
  journal.started = function (...args) {
    const step = { before: 'before the start is journaled', after: 'after the start is journaled' } as const;
    return around(step, () => started.apply(this, args));
  };
  journal.finished = function (...args) {
    const step = { before: 'before the end is journaled', after: 'after the end is journaled' } as const;
    return around(step, () => finished.apply(this, args));
  };

  const rename = fs.renameSync;
  fs.renameSync = (from, to): void => {
    const name = String(to);
    if (name.endsWith('.state.json')) at('before the stamp is written');
    if (/billing[46]\.conf$|portledger[46]\.conf$/.test(name)) at('before an include file is written');
    rename(from, to);
    if (name.endsWith('.state.json')) at('after the stamp is written');
    if (/billing[46]\.conf$|portledger[46]\.conf$/.test(name)) at('after an include file is written');
  };
  syncBuiltinESMExports();
}

// Only where it is the program: its test reads the list of points.
if (process.argv[1]?.endsWith('kill-child.js') === true) {
  await wrapEngine();
  await import('../../src/cli.js');
}
