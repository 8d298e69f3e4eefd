import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SensorConfig } from '../../../src/config/app-config.js';
import type { OpenCapture } from '../../../src/sensor/sensor.service.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { storeFact } from '../../support/publish.js';
import { arp, ethernet } from '../capture/frames.js';
import { tell, until } from '../judge/sensor-rig.js';
import { type TimedFrame, timedPcap } from './timed-pcap.js';

const sensor = Object.assign(new SensorConfig(), {
  name: 'leaf1-e66',
  switch: 'leaf1',
  interface: 'vlan66',
  port: 'leaf1:Ethernet66',
  vlan: 66,
});
const owner = '525400000066';
const newCard = '020000000002';
const stranger = '020000000009';
const claim = (mac: string, address: string): Buffer =>
  ethernet(0x0806, arp(2, mac, address, '001c73000099', 'c6336401'), { from: mac });

let engine: RunningEngine;
let night: TimedFrame[];
let deliver: ((bytes: Uint8Array) => void) | undefined;

const openCapture: OpenCapture = (_source, { onBegin, onPiece, onState }) => ({
  start: () => {
    onState({ state: 'running' });
    onBegin('night');
    onPiece(timedPcap([]));
    deliver = (bytes) => {
      const frame = { at: Date.now(), bytes };
      night.push(frame);
      onPiece(timedPcap([frame]).subarray(24));
    };
  },
  stop: () => {
    deliver = undefined;
    return Promise.resolve();
  },
});

const send = (bytes: Uint8Array): void => {
  if (deliver === undefined) throw new Error('Nothing captures; expected the sensor to have started.');
  deliver(bytes);
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const asksFor = (address: string): Buffer =>
  ethernet(0x0806, arp(1, newCard, 'c6336442', '000000000000', address), { from: newCard });

/** A night at one port: a forger, a stranger, a scan, and a card that billing explains a moment after it spoke. */
async function liveNight(): Promise<void> {
  const { store, projector } = engine.parts;
  await tell(store);
  await until('the capture runs', () => deliver !== undefined && projector.liveMap.map.binding('srv-66') !== undefined);
  send(claim(owner, 'c6336442'));
  send(claim(owner, 'c6336410'));
  send(claim(stranger, 'cb007142'));
  send(claim(newCard, 'c6336442'));
  await pause(20);
  const data = { serverId: 'srv-66', mac: '02:00:00:00:00:02' };
  const replaced = await storeFact(store, 'ServerNicReplaced', data, '2026-11-25T00:00:00.000Z');
  await projector.liveMap.reached(replaced, 30_000);
  for (let count = 0; count < 5; count++) send(claim(owner, 'c6336410'));
  for (let host = 0; host < 120; host++) send(asksFor(`cb0071${host.toString(16).padStart(2, '0')}`));
  await pause(900);
  send(claim(newCard, 'c6336442'));
  send(claim(stranger, 'cb007142'));
}

beforeEach(async () => {
  night = [];
  const settings = { sensors: [sensor], inFlightWindowMs: 600 };
  engine = await RunningEngine.start(undefined, { hands: { openCapture }, settings });
  await liveNight();
  // As an engine ends, its sensors tell what they have counted.
  await engine.restart();
  writeFileSync(join(engine.directory, 'night.pcap'), timedPcap(night));
  writeFileSync(
    join(engine.directory, 'portledger.json'),
    JSON.stringify({ gateways: [{ switch: 'leaf1' }], sensors: [sensor], inFlightWindowMs: 600 }),
  );
});
afterEach(() => engine.stop());

const at = (name: string): string => join(engine.directory, name);
const replayed = (...words: string[]): Promise<Said> =>
  portledger(['sensor', 'replay', at('night.pcap'), ...words], speakingTo(engine, engine.tokens.auditor));
const atSensor = (): string[] => ['--sensor', 'leaf1-e66', '--config', at('portledger.json')];

interface Report {
  readonly same: number;
  readonly new: readonly Record<string, unknown>[];
  readonly gone: readonly Record<string, unknown>[];
  readonly changed: readonly Record<string, unknown>[];
}
const report = async (...words: string[]): Promise<Report> =>
  JSON.parse((await replayed(...words, '--json')).out) as Report;

describe('portledger sensor replay', () => {
  it('finds in the capture of a night exactly what its live sensor recorded, from a directory and from an engine', async () => {
    for (const log of [['--data', engine.dataDir], []]) {
      const { code, out } = await replayed(...atSensor(), ...log);
      expect({ code, out }).toEqual({
        code: 0,
        out: expect.stringMatching(/0 new, 0 gone, 0 changed, [1-9]/) as string,
      });
    }
    // Whoever knows only the port, and how long findings wait there, sees the same.
    writeFileSync(at('window.json'), JSON.stringify({ inFlightWindowMs: 600 }));
    const words = ['--port', 'leaf1:Ethernet66', '--vlan', '66', '--rules', at('window.json')];
    expect(await replayed(...words)).toMatchObject({ code: 0 });
  });

  it('finds the scan that the live sensor found', async () => {
    const rules = new Set<unknown>();
    for (const { type, data } of (await engine.parts.store.readAll({ limit: 1_000 })).events)
      if (type === 'ViolationDetected') rules.add((data as { readonly rule: string }).rule);
    expect(rules).toContain('neighbour-scan');
    const words = [...atSensor(), '--data', engine.dataDir, '--rules', at('quiet.json')];
    writeFileSync(at('quiet.json'), JSON.stringify({ rules: { 'neighbour-scan': { on: false } } }));
    expect((await report(...words)).gone).toMatchObject([{ rule: 'neighbour-scan' }]);
  });

  it('says the same twice, to the last byte', async () => {
    const words = [...atSensor(), '--data', engine.dataDir, '--json'];
    expect(await replayed(...words)).toEqual(await replayed(...words));
  });

  it('tells what other rules would have seen, and ends with 5', async () => {
    writeFileSync(
      at('rules.json'),
      JSON.stringify({ rules: { 'unknown-mac': { on: false }, 'address-spoof': { severity: 'critical' } } }),
    );
    const words = [...atSensor(), '--data', engine.dataDir, '--rules', at('rules.json')];
    expect((await replayed(...words)).code).toBe(5);
    const { gone, changed } = await report(...words);
    expect(gone).toMatchObject([{ rule: 'unknown-mac', etherSource: '02:00:00:00:00:09' }]);
    expect(changed).toContainEqual(
      expect.objectContaining({
        rule: 'address-spoof',
        changes: { severity: { recorded: 'high', replayed: 'critical' } },
      }),
    );
  });

  it('judges by the one map that --known-at names', async () => {
    const { new: fresh, same } = await report(...atSensor(), '--data', engine.dataDir, '--known-at', '#9');
    expect(fresh.map((one) => one['etherSource'])).toContain('02:00:00:00:00:02');
    expect(same).toBeGreaterThan(0);
  });
});
