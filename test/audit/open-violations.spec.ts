import { Audit } from '../../src/audit/audit.js';
import { readAtQuestion } from '../../src/audit/question.js';
import { renderMap } from '../../src/audit/render-map.js';
import { ViolationLog } from '../feed/violation-log.js';
import { MemoryLog } from './memory-log.js';

const hour = (at: number): string => `2026-03-01T0${at}:00:00.000Z`;

function asked(fields: Record<string, string>) {
  const read = readAtQuestion({ violations: 'true', ...fields });
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}

describe('the violations that were open at a moment', () => {
  const samples = new ViolationLog();
  const log = new MemoryLog();
  for (const [at, id] of [
    [1, 'v1'],
    [2, 'v2'],
  ] as const) {
    const { type, data } = samples.detected(id, { frameTime: hour(at) });
    log.tell({ type, data: data as object, time: hour(at) });
  }
  const data = { violationId: 'v1', by: 'user:anna', reason: 'the cable was wrong' };
  log.tell({ type: 'ViolationResolved', data, time: hour(3) });
  const audit = new Audit(log);
  const open = async (fields: Record<string, string>) =>
    (await audit.map(asked(fields))).open?.violations.map(({ violationId }) => violationId);

  it('are those that the log knew of by then and nobody had closed, heard last first', async () => {
    expect(await open({ knownAt: '#0' })).toEqual(['v1']);
    expect(await open({ knownAt: '#1' })).toEqual(['v2', 'v1']);
    expect(await open({ knownAt: '#2' })).toEqual(['v2']);
    expect(await open({ at: hour(2) })).toEqual(['v2', 'v1']);
  });

  it('are told to a person, and only who asks for them', async () => {
    expect(renderMap(await audit.map(asked({ knownAt: '#2' })))).toMatch(/Open violations: 1\n+VIOLATION .*\nv2 /);
    expect((await audit.map(asked({ violations: 'false' }))).open).toBeUndefined();
    expect(readAtQuestion({ violations: 'some' })).toEqual({
      problem: 'violations: expected true or false, found "some"',
    });
  });
});
