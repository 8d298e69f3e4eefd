import { Alerts } from '../../src/ops/alerts.js';
import { Log } from '../../src/ops/log.js';
import { Readiness } from '../../src/ops/readiness.js';

describe('readiness', () => {
  it('tells how long each check has been as it is', () => {
    let now = 0;
    let ok = false;
    const readiness = new Readiness(() => now);
    readiness.register('device', () => ({ ok, detail: 'so' }));
    now = 4000;
    expect(readiness.reports()).toEqual([{ name: 'device', ok: false, detail: 'so', ageSeconds: 4 }]);
    ok = true;
    expect(readiness.reports()).toMatchObject([{ ok: true, ageSeconds: 0 }]);
    now = 9000;
    expect(readiness.reports()).toMatchObject([{ ok: true, ageSeconds: 5 }]);
  });

  it('takes each name once', () => {
    const readiness = new Readiness();
    readiness.register('device', () => ({ ok: true, detail: '' }));
    expect(() => readiness.register('device', () => ({ ok: true, detail: '' }))).toThrow('registered twice');
  });
});

describe('an alert', () => {
  it('is one error line however often it is raised, and stands until it is cleared', () => {
    const lines: string[] = [];
    const alerts = new Alerts(new Log('json', (line) => lines.push(line)), () => 0);
    alerts.raise('device-unreachable', { key: 'leaf1', detail: 'first' });
    alerts.raise('device-unreachable', { key: 'leaf1', detail: 'second' });
    alerts.raise('device-unreachable', { key: 'leaf2', detail: 'other' });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', code: 'device-unreachable', key: 'leaf1' },
      { level: 'error', code: 'device-unreachable', key: 'leaf2' },
    ]);
    alerts.clear('device-unreachable', 'leaf2');
    alerts.clear('device-unreachable', 'leaf2');
    expect(alerts.current()).toEqual([
      { code: 'device-unreachable', key: 'leaf1', detail: 'second', since: '1970-01-01T00:00:00.000Z' },
    ]);
    expect(lines).toHaveLength(3);
  });
});
