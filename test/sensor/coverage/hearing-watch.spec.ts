import fc from '../../support/property.js';
import {
  type HearingChange,
  HearingWatch,
  lookEveryMs,
  type SelfTestResult,
  type SensorHearing,
} from '../../../src/sensor/coverage/hearing-watch.js';
import { silentAfterMs } from '../../../src/sensor/remote/sensor-report.js';

const limits = { silentMs: 60_000, lagMs: 2_000 };
const every = lookEveryMs(limits);
const running: SensorHearing = {
  name: 'leaf1-e66',
  source: { attribution: 'interface' },
  capture: { state: 'running' },
  frames: 0,
  behindMs: 1,
};
const failed = { state: 'failed', reason: 'capture ended', cure: 'start it', retryInMs: 500 } as const;
const counts = (runs: number, droppedByKernel = 0): SensorHearing['counts'] => ({
  runs,
  droppedByKernel,
  captured: 0,
  receivedByFilter: 0,
});

/** A sensor looked at as often as the keeper does. */
class Watched {
  readonly watch = new HearingWatch(limits);
  readonly told: (HearingChange & { readonly at: number })[] = [];
  now = 0;

  /** Looks for so long, the sensor saying this all the while. */
  for(ms: number, hearing: Partial<SensorHearing> = {}, selfTest?: SelfTestResult): this {
    for (const end = this.now + ms; this.now < end; this.now += every) {
      const changes = this.watch.look({ ...running, ...hearing }, this.now, selfTest);
      this.told.push(...changes.map((change) => ({ ...change, at: this.now })));
    }
    return this;
  }

  get types(): string[] {
    return this.told.map((one) => one.type);
  }
}

describe('a sensor', () => {
  it('starts when its capture runs, once', () => {
    expect(new Watched().for(600_000).types).toEqual(['started']);
  });

  it('that says nothing for hours because nobody talks is not silent', () => {
    const watched = new Watched().for(4 * 3_600_000, { lastFrameTime: 1 });
    expect(watched.types).toEqual(['started']);
    expect(watched.watch.state).toBe('hearing');
  });

  it.each([
    ['cannot run', { capture: failed }],
    ['waits for a map that never comes', { capture: { state: 'waiting' } }],
    ['is not judged by anybody', { deaf: { reason: 'the worker is dead', cure: 'restart the engine' } }],
    ['is not taken by the judge', { queue: 4096 }],
  ] as const)('is silent within 60 seconds when its capture %s', (_what, hearing) => {
    const fromTheStart = new Watched().for(limits.silentMs, hearing);
    expect(fromTheStart.told).toMatchObject([{ type: 'silent' }]);
    const later = new Watched().for(100_000).for(limits.silentMs, hearing);
    expect(later.types).toEqual(['started', 'silent']);
    expect((later.told[1]?.at ?? Infinity) - 100_000).toBeLessThan(limits.silentMs);
    expect(later.watch.trouble).toBeDefined();
  });

  it('is silent once however long it lasts, and starts again', () => {
    const watched = new Watched().for(10_000).for(3_600_000, { capture: failed }).for(60_000);
    expect(watched.types).toEqual(['started', 'silent', 'started']);
    expect(watched.watch).toMatchObject({ state: 'hearing', trouble: undefined });
  });

  it('whose tcpdump was killed and is started again at once is not silent', () => {
    const watched = new Watched()
      .for(10_000)
      .for(5_000, { capture: failed })
      .for(60_000, { counts: counts(1) });
    expect(watched.types).toEqual(['started']);
  });

  it('whose tcpdump ends and starts in turns is silent', () => {
    const watched = new Watched().for(10_000);
    for (let run = 1; run <= 30; run++)
      watched.for(1_000, { capture: failed, counts: counts(run) }).for(1_000, { counts: counts(run) });
    expect(watched.types).toEqual(['started', 'silent']);
  });

  it('whose tcpdump ends and starts between any two looks is silent all the same', () => {
    const watched = new Watched().for(10_000);
    for (let run = 1; run <= 60; run++) watched.for(every, { counts: counts(run) });
    expect(watched.types).toEqual(['started', 'silent']);
    expect(watched.watch.trouble?.reason).toBe('its capture ends again and again');
  });

  it('is not silent while the link of its port is down, but is when its interface is gone', () => {
    const down = { ...failed, linkDown: true } as const;
    const watched = new Watched().for(10_000).for(3_600_000, { capture: down });
    expect(watched.types).toEqual(['started']);
    expect(watched.watch.state).toBe('link-down');
    watched.for(60_000, { capture: failed });
    expect(watched.types).toEqual(['started', 'silent']);
  });

  it('whose interface serves many ports is silent when that is down', () => {
    const mirror = { capture: { ...failed, linkDown: true }, source: { attribution: 'mac-table' } } as const;
    expect(new Watched().for(60_000, mirror as unknown as Partial<SensorHearing>).types).toEqual(['silent']);
  });

  it('that did not hear its self-test is silent at once, until it hears something', () => {
    const failedTest = { at: 1_000_000, passed: false };
    const watched = new Watched().for(10_000).for(every, { lastFrameTime: 999_999 }, failedTest);
    expect(watched.types).toEqual(['started', 'silent']);
    watched.for(10_000, { lastFrameTime: 1_000_001 }, failedTest);
    expect(watched.types).toEqual(['started', 'silent', 'started']);
  });

  it('that heard its self-test is not silent', () => {
    expect(new Watched().for(100_000, {}, { at: 1_000_000, passed: true }).types).toEqual(['started']);
  });

  it('stopped by us is not silent', () => {
    expect(new Watched().for(10_000).for(100_000, { capture: { state: 'stopped' } }).types).toEqual(['started']);
  });

  it('lags when frames are judged late, and says it once in ten minutes', () => {
    const watched = new Watched().for(10_000).for(1_500_000, { behindMs: 5_000.4 });
    expect(watched.types).toEqual(['started', 'lagging', 'lagging', 'lagging']);
    expect(watched.told[1]).toMatchObject({ behindMs: 5_000, dropped: 0 });
    expect(watched.watch.state).toBe('lagging');
    expect(watched.for(61_000).watch.state).toBe('hearing');
  });

  it('lags when the kernel drops frames, and every drop is told once', () => {
    const watched = new Watched().for(10_000);
    for (let drops = 10; drops <= 10_000; drops += 10) watched.for(every, { counts: counts(0, drops) });
    watched.for(700_000, { counts: counts(0, 10_000) }).for(every, { counts: counts(0, 10_001) });
    const told = watched.told.map((one) => (one.type === 'lagging' ? one.dropped : 0));
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(10_001);
    expect(watched.types.filter((type) => type === 'lagging').length).toBeLessThanOrEqual(3);
  });

  it('on another box that reports no more is silent within 60 seconds of its last report', () => {
    const watched = new Watched().for(silentAfterMs).for(limits.silentMs, { capture: failed });
    expect(watched.types).toEqual(['started', 'silent']);
    expect(watched.told[1]?.at).toBeLessThan(limits.silentMs);
  });

  it('whose judge is behind and takes what is captured is not silent', () => {
    const watched = new Watched().for(10_000);
    for (let frames = 1; frames < 200; frames++) watched.for(every, { queue: 4096, frames });
    expect(watched.types).toEqual(['started']);
  });

  it('lags when frames are given up because the judge is too far behind', () => {
    const watched = new Watched().for(10_000).for(10_000, { dropped: 70, counts: counts(0, 50) });
    expect(watched.told[1]).toMatchObject({ type: 'lagging', dropped: 70 });
  });

  it('is told in time and in turns, whatever happens to it', () => {
    const phase = fc.record({
      ms: fc.integer({ min: 100, max: 120_000 }),
      hearing: fc.constantFrom<Partial<SensorHearing>>({}, { capture: failed }, { deaf: { reason: 'x', cure: 'y' } }),
    });
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 12 }), (phases) => {
        const watched = new Watched();
        for (const { ms, hearing } of phases) {
          watched.for(ms, hearing);
          const hears = Object.keys(hearing).length === 0;
          if (!hears && ms >= limits.silentMs) expect(watched.watch.state).toBe('silent');
          if (hears && ms >= limits.silentMs) expect(watched.watch.state).toBe('hearing');
        }
        const turns = watched.types;
        turns.forEach((type, index) => expect(type).not.toBe(turns[index - 1]));
      }),
    );
  });
});
