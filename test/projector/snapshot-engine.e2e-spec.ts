import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunningEngine, source } from '../e2e/running-engine.js';
import { until } from './snapshot-rig.js';

describe('an engine that is stopped and started again', () => {
  let engine: RunningEngine;
  beforeEach(async () => {
    engine = await RunningEngine.start();
  });
  afterEach(() => engine.stop());

  it('writes a snapshot as it stops, starts from it, verifies it and is ready', async () => {
    const data = { serverId: 'srv-a', customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11, mac: '52:54:00:00:00:01' };
    const fact = { specversion: '1.0', source, type: 'ServerAdded', subject: 'srv-a', data };
    const answer = await engine.publish({ ...fact, id: 'fact-1', time: '2026-01-01T00:00:00Z' });
    expect(answer.status).toBe(201);
    await engine.restart();
    expect(readdirSync(join(engine.dataDir, 'snapshots'))).toEqual(['snapshot-0000000000000000.bin']);
    await until('it is verified', () => engine.logLines.some((line) => line.includes('snapshot verified')));
    expect(engine.parts.projector.liveMap.map.binding('srv-a')).toMatchObject({ state: 'active', vlan: 11 });
    expect(engine.parts.readiness.reports().find(({ name }) => name === 'projector')).toMatchObject({ ok: true });
  });
});
