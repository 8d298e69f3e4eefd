import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EvidenceConfig } from '../../../src/config/app-config.js';
import { exampleEvent } from '../../../src/intake/event-examples.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { ViolationLog } from '../../feed/violation-log.js';
import { asked } from '../coverage/sensing-engine.js';
import { until } from '../judge/sensor-rig.js';
import { keptFrames } from './kept.js';

const mounted = mkdtempSync(join(tmpdir(), 'portledger-evidence-full-'));
const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mounted]);
const reason = mount.status === 0 ? undefined : 'mounting a tmpfs needs root';
const suite = reason === undefined ? describe : describe.skip;
if (reason !== undefined) process.stderr.write(`SKIPPED evidence-disk-full: ${reason}\n`);

afterAll(() => {
  if (reason === undefined) spawnSync('umount', [mounted]);
  rmSync(mounted, { recursive: true });
});

suite('a disk for evidence that is full', () => {
  it('is alerted, stops nothing else, and heals without a restart', async () => {
    const evidence = Object.assign(new EvidenceConfig(), { directory: mounted });
    const engine = await RunningEngine.start(undefined, { settings: { evidence } });
    const { store, projector, sensorDesk } = engine.parts;
    const samples = new ViolationLog();
    const heard = async (id: string): Promise<void> => {
      const { type, data, metadata } = samples.detected(id);
      const { source, schemaVersion, time } = metadata;
      const event = {
        id: randomUUID(),
        type,
        data: data as object,
        metadata: { source, sourceId: id, schemaVersion, time },
      };
      await store.append({ stream: `violation-${id}`, expected: 'any', events: [event] });
      await until(`the map has ${id}`, () => projector.liveMap.map.violations.get(id) !== undefined);
      for (const frame of keptFrames(id, 10)) sensorDesk.evidence.keep(frame);
    };
    const kept = (id: string): number | undefined => projector.liveMap.map.violations.get(id)?.evidenceFrames;
    const ready = async (): Promise<Record<string, unknown>> => (await engine.call('/readyz')).body;
    const check = async (): Promise<unknown> =>
      ((await ready())['checks'] as { name: string }[]).find(({ name }) => name === 'evidence');

    await heard('v0');
    await until('v0 is kept', () => kept('v0') === 10);
    const filler = join(mounted, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4096']);
    await heard('v1');
    await until('it is told', () => sensorDesk.evidence.state.trouble !== undefined);
    const { status, alerts } = await ready();
    expect(status).toBe('degraded');
    expect(alerts).toMatchObject([
      {
        code: 'evidence-not-kept',
        detail: expect.stringMatching(/^The disk is full \(ENOSPC\).*Free space/) as string,
      },
    ]);
    expect(await check()).toMatchObject({ ok: true, degraded: true });
    // Everything else goes on: billing publishes, violations are stored and shown, what was kept is served.
    expect((await engine.publish(exampleEvent('ServerAdded'))).status).toBe(201);
    await heard('v2');
    expect((await asked(engine, '/v1/violations')).body['violations']).toHaveLength(3);
    expect(kept('v1')).toBeUndefined();
    expect((await fetch(`${engine.url}/v1/violations/v0/evidence`, bearer(engine))).status).toBe(200);
    expect(readdirSync(mounted).sort()).toEqual(['filler', 'v0.pcap']);

    rmSync(filler);
    await waitLong('v1 and v2 are kept after all', () => kept('v1') === 10 && kept('v2') === 10);
    await until('the alert is over', async () => ((await ready())['alerts'] as unknown[]).length === 0);
    expect(await check()).toMatchObject({ ok: true });
    expect(sensorDesk.evidence.state.lostFrames).toBe(0);
    await engine.restart();
    await until('it is live', () => engine.parts.projector.liveMap.live);
    for (const id of ['v0', 'v1', 'v2'])
      expect((await fetch(`${engine.url}/v1/violations/${id}/evidence`, bearer(engine))).status).toBe(200);
    await engine.stop();
  });
});

const bearer = (engine: RunningEngine): RequestInit => ({
  headers: { authorization: `Bearer ${engine.tokens.auditor}` },
});

/** The keeper rests for ten seconds after a disk that was full. */
async function waitLong(what: string, isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 1200 && !isTrue(); round++) await new Promise((resolve) => setTimeout(resolve, 100));
  if (!isTrue()) throw new Error(`Gave up after two minutes waiting until ${what}.`);
}
