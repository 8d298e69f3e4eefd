import { Readable } from 'node:stream';
import fc from '../support/property.js';
import { Audit } from '../../src/audit/audit.js';
import { type Difference, differences } from '../../src/audit/diff/difference.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import type { Fields } from '../../src/audit/question.js';
import type { StepAnswer } from '../../src/audit/step/step.js';
import { readStepQuestion } from '../../src/audit/step/step-question.js';
import type { Step } from '../../src/audit/step/stepper.js';
import { movesIn, walk } from '../../src/audit/step/walk.js';
import { anyHistory } from './any-history.js';
import { anyNight } from './any-night.js';
import { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';
import { run } from './ran.js';

async function ask(audit: Audit, fields: Fields): Promise<StepAnswer> {
  const read = readStepQuestion(fields);
  if ('problem' in read) throw new Error(read.problem);
  const outcome = await audit.step(read.value);
  if (outcome.outcome !== 'answered') throw new Error(outcome.detail);
  return outcome.answer;
}

/** Page by page, as a caller does it. */
async function allSteps(audit: Audit, fields: Fields): Promise<Step[]> {
  const { steps, next } = await ask(audit, fields);
  return next === undefined ? [...steps] : [...steps, ...(await allSteps(audit, { ...fields, from: next }))];
}

/** What differs between the whole maps before and after an event, by definition. */
async function byWholeFolds(log: MemoryLog, ordinal: number): Promise<Difference[]> {
  const { map: before } = await foldAsOf([log.events], { knownAt: { ordinal: ordinal - 1 } });
  const { map: after } = await foldAsOf([log.events], { knownAt: { ordinal } });
  const servers = new Set([before, after].flatMap((map) => [...map.assignments.values()].map((row) => row.serverId)));
  const violationIds = new Set([before, after].flatMap((map) => [...map.violations.keys()]));
  return differences(before, after, { servers, violationIds }).map(({ difference }) => difference);
}

const pageSize = fc.integer({ min: 1, max: 7 });

describe('audit step', () => {
  it('tells of each event what differs between the map known before it and after it, for any history and page size', async () => {
    const property = fc.asyncProperty(fc.oneof(anyHistory, anyNight), pageSize, async (facts, limit) => {
      const log = MemoryLog.of(facts);
      const steps = await allSteps(new Audit(log), { limit: String(limit) });
      expect(steps.map(({ ordinal }) => ordinal)).toEqual(log.events.map(({ ordinal }) => ordinal));
      for (const { ordinal, changes } of steps) expect(changes).toEqual(await byWholeFolds(log, ordinal));
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it('tells of a subject those of the steps that name it or change what it names, the same as among all', async () => {
    const property = fc.asyncProperty(anyHistory, fc.constantFrom('server:a', 'server:b'), async (facts, subject) => {
      const log = MemoryLog.of(facts);
      const audit = new Audit(log);
      const read = readStepQuestion({ subject });
      if ('problem' in read) throw new Error(read.problem);
      if ((await audit.step(read.value)).outcome !== 'answered') return;
      const id = subject.slice('server:'.length);
      const own = (step: Step): Step => ({
        ...step,
        changes: step.changes.filter((one) => one.kind === 'server' && one.serverId === id),
      });
      const all = (await allSteps(audit, {})).map(own);
      const told = await allSteps(audit, { subject, limit: '2' });
      const isMeant = ({ stream, changes }: Step): boolean => changes.length > 0 || stream === `server-${id}`;
      expect(told.map(own).filter(isMeant)).toEqual(all.filter(isMeant));
    });
    await fc.assert(property, { numRuns: 50 });
  });

  it('begins and ends where it is told, by ordinal and by when the engine was told', async () => {
    const audit = new Audit(nightLog());
    const ordinals = async (fields: Fields): Promise<number[]> =>
      (await allSteps(audit, fields)).map(({ ordinal }) => ordinal);
    expect(await ordinals({ from: '#7', to: '#9' })).toEqual([7, 8, 9]);
    expect(await ordinals({ from: '2026-01-02T10:30:00Z', to: '2026-01-02T10:30:01Z' })).toEqual([8, 9, 10]);
    expect(await ordinals({ from: '#9', to: '#7' })).toEqual([]);
    expect(await ordinals({ from: '#19' })).toEqual([19, 20]);
    expect(await ordinals({ from: '#3', to: '#4' })).toEqual([3, 4]);
  });

  it('marks what cannot be read, and what waits behind it', async () => {
    const steps = await allSteps(new Audit(nightLog()), { from: '#19' });
    expect(steps.map(({ waits, changes }) => [waits, changes])).toEqual([
      ['parked', []],
      ['held', []],
    ]);
  });

  it.each([
    [{ limit: '0' }, 'limit: expected 1 to 500'],
    [{ from: 'yesterday' }, 'from: "yesterday" is neither'],
    [{ to: '#x' }, 'to: "#x" is neither'],
    [{ at: '2026-01-01T00:00:00Z' }, 'at: no such field'],
  ])('refuses %j', (fields, problem) => {
    expect(readStepQuestion(fields)).toEqual({ problem: expect.stringContaining(problem) as string });
  });

  it('writes one JSON object a step into a pipe, and ends with 3 where there is none', async () => {
    const { code, out } = await run(['audit', 'step', '--json', '--from', '#18', '--offline', 'DIR'], nightLog());
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .filter((one) => one !== '')
        .map((one) => (JSON.parse(one) as Step).ordinal),
    ).toEqual([18, 19, 20]);
    expect(await run(['audit', 'step', '--from', '#99', '--offline', 'DIR'], nightLog())).toMatchObject({
      code: 3,
      out: '',
    });
    expect(await run(['audit', 'step', '203.0.113.9', '--offline', 'DIR'], nightLog())).toMatchObject({
      code: 3,
      out: '',
    });
  });
});

describe('a walk through steps', () => {
  it('understands arrows, space and q, in whatever pieces they come', () => {
    expect(movesIn(' \u001b[C\u001b[Dx\u001bOAgq')).toEqual(['next', 'next', 'back', 'back', 'first', 'quit']);
    expect(movesIn('\u0003')).toEqual(['interrupt']);
  });

  const drawn: string[] = [];
  const walked = (...typed: string[]): Promise<string> => {
    drawn.length = 0;
    const pictures = Readable.from(['one', 'two', 'three'])[Symbol.asyncIterator]() as AsyncIterator<string, void>;
    const screen = {
      draw: (text: string) => void drawn.push(text.split('\n', 1)[0] ?? ''),
      typed: () => Readable.from(typed) as AsyncIterable<string>,
    };
    return walk(screen, pictures);
  };

  it('shows the steps forwards and backwards, and stays at either end', async () => {
    expect(await walked(' ', '\u001b[C ', '\u001b[D', 'g\u001b[D', 'q ')).toBe('done');
    expect(drawn).toEqual(['one', 'two', 'three', 'three', 'two', 'one', 'one']);
  });

  it('ends as interrupted at Ctrl-C, and as done when the terminal goes away', async () => {
    expect([await walked('\u0003'), await walked(' ')]).toEqual(['interrupted', 'done']);
  });

  it('makes the terminal raw on it, and gives it back', async () => {
    const log: string[] = [];
    const keys = {
      raw: () => (log.push('raw'), () => void log.push('given back')),
      pieces: () => Readable.from([Buffer.from(' q')]),
    };
    const { code, out } = await run(['audit', 'step', '--offline', 'DIR'], nightLog(), {}, keys);
    expect([code, log]).toEqual([0, ['raw', 'given back']]);
    expect(out).toContain('#1 2026-01-01T08:00:00Z ServerAdded');
    expect(out).not.toContain('#2 ');
  });
});
