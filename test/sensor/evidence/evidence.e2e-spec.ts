import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { ViolationLog } from '../../feed/violation-log.js';
import { asked } from '../coverage/sensing-engine.js';
import { until } from '../judge/sensor-rig.js';
import { keptFrames, reply } from './kept.js';

const samples = new ViolationLog();
let engine: RunningEngine;
beforeEach(async () => {
  engine = await RunningEngine.start();
});
afterEach(() => engine.stop());

/** Stores a violation as the sensor would, and hands over its frames. */
async function heard(id: string, frames: number): Promise<void> {
  const { store, projector, sensorDesk } = engine.parts;
  const { type, data, metadata } = samples.detected(id);
  const { source, schemaVersion, time } = metadata;
  const event = {
    id: randomUUID(),
    type,
    data: data as object,
    metadata: { source, sourceId: id, schemaVersion, time },
  };
  await store.append({ stream: `violation-${id}`, expected: 'any', events: [event] });
  await until('the map has it', () => projector.liveMap.map.violations.get(id) !== undefined);
  for (const frame of keptFrames(id, frames)) sensorDesk.evidence.keep(frame);
  await until(
    'its frames are kept',
    () => sensorDesk.evidence.state.files > 0 && sensorDesk.evidence.state.waitingFrames === 0,
  );
}

const fetchVerb = (...words: string[]): Promise<Said> =>
  portledger(['violations', 'evidence', ...words], speakingTo(engine, engine.tokens['security-analyst']));
const output = (): string => join(engine.directory, 'evidence.pcap');

describe('the evidence of a violation', () => {
  it('is fetched as a file that shows the frames as they were captured, also after a restart', async () => {
    await heard('v0', 12);
    const [row] = [engine.parts.projector.liveMap.map.violations.get('v0')];
    await until(
      'the map knows its hash',
      () => engine.parts.projector.liveMap.map.violations.get('v0')?.evidenceFrames === 10,
    );
    expect(row).toBeDefined();
    await engine.restart();
    await until('the map is live', () => engine.parts.projector.liveMap.live);
    const { code, out } = await fetchVerb('v0', '-o', output());
    expect(code).toBe(0);
    const sha256 = engine.parts.projector.liveMap.map.violations.get('v0')?.evidenceSha256;
    expect(out).toContain(`sha256 ${sha256}`);
    const frames = [];
    for await (const frame of decodeFile(output())) frames.push(frame);
    expect(frames).toHaveLength(10);
    expect(frames[0]).toMatchObject({ kind: 'arp-reply', time: { seconds: 1_790_000_001, nanoseconds: 123_456_789 } });
    expect(readFileSync(output()).subarray(40, 40 + reply.length)).toEqual(Buffer.from(reply));
  });

  it('comes with its media type and digest over HTTP', async () => {
    await heard('v1', 10);
    const response = await fetch(`${engine.url}/v1/violations/v1/evidence`, {
      headers: { authorization: `Bearer ${engine.tokens.auditor}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.tcpdump.pcap');
    expect(response.headers.get('repr-digest')).toMatch(/^sha-256=:[A-Za-z0-9+/]{43}=:$/);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="v1.pcap"');
    expect((await response.arrayBuffer()).byteLength).toBe(24 + 10 * (16 + reply.length));
  });

  it('is refused where none is, where it was changed on disk, and to who may not read the feed', async () => {
    await heard('v2', 10);
    expect(await asked(engine, '/v1/violations/nobody/evidence')).toMatchObject({ status: 404 });
    expect(await fetchVerb('nobody', '-o', output())).toMatchObject({ code: 3 });
    expect((await asked(engine, '/v1/violations/..%2Fv2/evidence')).status).toBe(404);
    for (const scope of ['viewer', 'operator', 'publisher', 'link-source'] as const)
      expect([scope, (await asked(engine, '/v1/violations/v2/evidence', engine.tokens[scope])).status]).toEqual([
        scope,
        403,
      ]);
    const file = join(engine.dataDir, 'evidence', 'v2.pcap');
    const changed = readFileSync(file);
    changed[50] = (changed[50] ?? 0) ^ 0xff;
    writeFileSync(file, changed);
    const answer = await asked(engine, '/v1/violations/v2/evidence');
    expect(answer).toMatchObject({ status: 500, body: { type: 'https://portledger.dev/problems/evidence-altered' } });
    const { body } = await engine.call('/readyz');
    expect(body['alerts']).toMatchObject([{ code: 'evidence-altered', key: 'v2' }]);
    expect(await fetchVerb('v2', '-o', output())).toMatchObject({ code: 1 });
  });
});
