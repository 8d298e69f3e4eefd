import { givenUpAfterMs, pauseAfter, retryPauses } from '../../src/reactors/alert-schedule.js';
import { AlertBench, minute } from './alert-bench.js';

const refused = { outcome: 'refused', reason: 'it answered 503' } as const;
const hour = 60 * minute;

describe('a destination', () => {
  it('is told nothing of what the log held before it was configured, and of everything after', async () => {
    const bench = new AlertBench();
    bench.detected('old');
    const reactor = bench.open();
    await bench.pass(reactor, minute);
    expect(bench.sink.tried).toEqual([]);
    bench.detected('v1');
    await bench.pass(reactor, minute);
    expect(bench.sink.told).toEqual(['violation.new v1']);
    expect(bench.journal()).toEqual(['DestinationAdded', 'AlertDelivered']);
  });

  it('is told each thing once over restarts, wherever the engine ended in peace', async () => {
    const bench = new AlertBench();
    let reactor = bench.open();
    await bench.pass(reactor, 1);
    for (const id of ['v1', 'v2', 'v3']) {
      bench.detected(id);
      await bench.pass(reactor, minute);
      reactor = bench.restart();
      await bench.pass(reactor, minute);
    }
    expect(bench.sink.told).toEqual(['violation.new v1', 'violation.new v2', 'violation.new v3']);
  });

  it('is told once more under the same id what was sent and not written down', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.detected('v1');
    bench.sink.answer = () => ((bench.store.isFull = true), { outcome: 'delivered' });
    await bench.pass(reactor, minute);
    bench.store.isFull = false;
    bench.sink.answer = () => ({ outcome: 'delivered' });
    await bench.pass(bench.restart(), minute);
    expect(bench.sink.told).toEqual(['violation.new v1', 'violation.new v1']);
    expect(new Set(bench.sink.taken.map(({ id }) => id)).size).toBe(1);
  });

  it('gets the same message of several after a crash, although more has come since', async () => {
    const bench = new AlertBench();
    const limits = { atOnce: 1, everyMs: minute };
    const reactor = bench.open(limits);
    await bench.pass(reactor, 1);
    for (let n = 0; n < 40; n++) bench.detected(`v${n}`);
    bench.sink.answer = () => ((bench.store.isFull = true), { outcome: 'delivered' });
    await reactor.reconcile();
    bench.store.isFull = false;
    // The same message, even where what it ends with is not to be told any more.
    bench.muted('m1', 'v39', hour);
    bench.detected('later');
    bench.sink.answer = () => ({ outcome: 'delivered' });
    const next = bench.restart(limits);
    await bench.pass(next, 3 * minute);
    expect(bench.sink.told).toEqual(['40 alerts', '39 alerts', 'violation.new later']);
    expect(bench.sink.taken[1]?.id).toBe(bench.sink.taken[0]?.id);
  });

  it('gets a flood as one message with a count, and the log a bounded number of events', async () => {
    const bench = new AlertBench();
    const reactor = bench.open({ atOnce: 5, everyMs: 3000 });
    await bench.pass(reactor, 1);
    for (let n = 0; n < 2000; n++) bench.detected(`v${n}`, { severity: n % 2 === 0 ? 'high' : 'low' });
    await bench.pass(reactor, minute);
    expect(bench.sink.told).toEqual([...[0, 1, 2, 3].map((n) => `violation.new v${n}`), '1996 alerts']);
    const flood = bench.sink.taken.at(-1);
    expect(flood).toMatchObject({ byKind: { 'violation.new': 1996 }, bySeverity: { high: 998, low: 998 } });
    expect(flood?.items).toHaveLength(100);
    expect(bench.journal().length).toBeLessThanOrEqual(5);
    await bench.pass(bench.restart({ atOnce: 5, everyMs: 3000 }), minute);
    expect(bench.sink.taken).toHaveLength(5);
  });

  it('is told only what its filter lets through', async () => {
    const bench = new AlertBench();
    const reactor = bench.open({ severity: 'high', rules: ['address-spoof'], sites: ['ams1'], kinds: ['new'] });
    await bench.pass(reactor, 1);
    bench.detected('fits');
    bench.detected('low', { severity: 'medium' });
    bench.detected('rule', { rule: 'mac-moved' });
    bench.detected('site', { site: 'fra1' });
    bench.resolved('fits');
    bench.alerts.raise('store-full', { key: 'log', detail: 'full' });
    await bench.pass(reactor, hour);
    expect(bench.sink.told).toEqual(['violation.new fits']);
  });

  it('is told when a violation is heard again after it was closed, and not while it is open', async () => {
    const bench = new AlertBench();
    const reactor = bench.open({ kinds: ['new', 'reopened', 'acknowledged', 'resolved'] });
    await bench.pass(reactor, 1);
    bench.detected('v1');
    bench.repeated('v1');
    bench.acknowledged('v1');
    bench.repeated('v1');
    bench.resolved('v1');
    bench.nowMs += 1000;
    bench.repeated('v1');
    bench.repeated('v1');
    await bench.pass(reactor, minute);
    expect(bench.sink.told.map((one) => one.split(' ')[0])).toEqual([
      'violation.new',
      'violation.acknowledged',
      'violation.resolved',
      'violation.reopened',
    ]);
  });

  it('hears that a violation was none if it was told of it, and only then', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.detected('told');
    await bench.pass(reactor, minute);
    bench.detected('untold');
    for (const id of ['told', 'untold']) bench.exonerated(id);
    const next = bench.restart();
    await bench.pass(next, minute);
    expect(bench.sink.told).toEqual(['violation.new told', 'violation.exonerated told']);
  });

  it('hears nothing of what is muted or of a site in survey, and not after a restart either', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.survey('SiteSurveyStarted', 'fra1');
    bench.detected('surveyed', { site: 'fra1' });
    bench.muted('m1', 'muted', hour);
    bench.detected('muted');
    await bench.pass(reactor, 2 * minute);
    bench.survey('SiteSurveyEnded', 'fra1');
    bench.nowMs += 2 * hour;
    bench.tell('ViolationMuteEnded', 'mute-m1', { muteId: 'm1', by: 'expiry' });
    await bench.pass(bench.restart(), minute);
    expect(bench.sink.told).toEqual(['mute.ended']);
    const passed = bench.store.events.find(({ type }) => type === 'AlertsPassed');
    expect(passed?.data).toMatchObject({ muted: 1, inSurvey: 1 });
  });

  it('for what nobody acknowledged is told so once, when its time is over', async () => {
    const bench = new AlertBench();
    const wanted = { severity: 'high', unacknowledgedMinutes: 15 } as const;
    let reactor = bench.open(wanted);
    await bench.pass(reactor, 1);
    bench.detected('forgotten');
    bench.detected('taken');
    bench.detected('mild', { severity: 'low' });
    await bench.pass(reactor, 10 * minute);
    bench.acknowledged('taken');
    await bench.pass(reactor, 4 * minute);
    expect(bench.sink.told).toEqual([]);
    reactor = bench.restart(wanted);
    await bench.pass(reactor, 2 * minute);
    expect(bench.sink.told).toEqual(['violation.escalated forgotten']);
    await bench.pass(bench.restart(wanted), 24 * hour);
    expect(bench.sink.told).toHaveLength(1);
  });

  it('for billing gets requests of containment with the link to the evidence, whatever is muted, and nobody else does', async () => {
    const bench = new AlertBench();
    const billing = bench.open({ name: 'billing', billing: true });
    const soc = bench.open();
    for (const one of [billing, soc]) await bench.pass(one, 1);
    bench.detected('v1');
    bench.muted('m1', 'v1', hour);
    const asked = { violationId: 'v1', serverId: 'srv-66', by: 'token:night', reason: 'it forges' };
    bench.tell('ContainmentRequested', 'violation-v1', { ...asked, evidence: '/v1/violations/v1/evidence' });
    await bench.pass(billing, minute);
    const before = bench.sink.taken.length;
    await bench.pass(soc, minute);
    expect(bench.sink.taken).toHaveLength(before);
    expect(bench.sink.taken[0]?.items[0]).toMatchObject({
      kind: 'containment.requested',
      facts: { serverId: 'srv-66', evidence: '/v1/violations/v1/evidence', reason: 'it forges' },
    });
  });

  it('for billing gets a request of containment by itself, at once, in the middle of a flood', async () => {
    const bench = new AlertBench();
    const reactor = bench.open({ billing: true, kinds: ['new'], atOnce: 1, everyMs: minute });
    await bench.pass(reactor, 1);
    for (let n = 0; n < 20; n++) bench.detected(`v${n}`);
    const asked = { violationId: 'v1', serverId: 'srv-66', by: 'token:night', reason: 'it forges', evidence: '/e' };
    bench.tell('ContainmentRequested', 'violation-v1', asked);
    for (let n = 20; n < 40; n++) bench.detected(`v${n}`);
    await bench.pass(reactor, 1_000);
    expect(bench.sink.told).toEqual(['20 alerts', 'containment.requested v1']);
    await bench.pass(reactor, 2 * minute);
    expect(bench.sink.told.slice(2)).toEqual(['20 alerts']);
  });

  it('that gathers for a digest gets one message for all of it', async () => {
    const bench = new AlertBench();
    const reactor = bench.open({ atOnce: 1, everyMs: 5 * minute, digestMs: 5 * minute });
    await bench.pass(reactor, 1);
    bench.detected('v1');
    await bench.pass(reactor, 4 * minute);
    expect(bench.sink.tried).toEqual([]);
    for (const id of ['v2', 'v3']) bench.detected(id);
    await bench.pass(reactor, 2 * minute);
    expect(bench.sink.told).toEqual(['3 alerts']);
  });
});

describe('a destination that does not take a message', () => {
  it('is tried again after seconds, then minutes, at last every hour, with the same id, in order', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.sink.answer = () => refused;
    for (const id of ['v1', 'v2']) bench.detected(id);
    const times: number[] = [];
    const { answer } = bench.sink;
    bench.sink.answer = (message) => (times.push(bench.nowMs), answer(message));
    await bench.pass(reactor, 5 * hour);
    const pauses = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    expect(pauses.slice(0, 9)).toEqual([...retryPauses, hour, hour]);
    expect(new Set(bench.sink.tried.map(({ id }) => id)).size).toBe(1);
    bench.sink.answer = () => ({ outcome: 'delivered' });
    await bench.pass(reactor, hour);
    expect(bench.sink.told).toEqual(['violation.new v1', 'violation.new v2']);
  });

  it('has a chance of a fifth more or less in every pause, and waits as long as the other side asks, but a day at most', () => {
    expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([4_000, 6_000]);
    expect(pauseAfter(1, 0.5, 120_000)).toBe(120_000);
    expect(pauseAfter(1, 0.5, 1e12)).toBe(givenUpAfterMs);
    expect(pauseAfter(50, 0.5)).toBe(hour);
  });

  it('is given up with a message after a day, hears the next, and gets the old one when an operator says so', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.detected('v1');
    bench.sink.answer = ({ items: [first] }) =>
      first.violation?.violationId === 'v1' ? refused : { outcome: 'delivered' };
    await bench.pass(reactor, hour);
    bench.detected('v2');
    await bench.pass(reactor, 25 * hour);
    expect(bench.sink.told).toEqual(['violation.new v2']);
    expect(bench.journal()).toEqual(['DestinationAdded', 'AlertGivenUp', 'AlertDelivered']);
    const [lost] = bench.sink.tried;
    bench.sink.answer = () => ({ outcome: 'delivered' });
    const next = bench.restart();
    await bench.pass(next, minute);
    expect(next.status.givenUp).toEqual([lost?.id]);
    expect(next.retry(lost?.id)).toBe(1);
    await bench.pass(next, minute);
    expect(bench.sink.told).toEqual(['violation.new v2', 'violation.new v1']);
    expect(bench.sink.taken[1]?.id).toBe(lost?.id);
    const last = bench.restart();
    await bench.pass(last, minute);
    expect(last.status.givenUp).toEqual([]);
    expect(bench.sink.taken).toHaveLength(2);
  });

  it('because it is gone is asked no more, over restarts, until an operator enables it', async () => {
    const bench = new AlertBench();
    let reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.sink.answer = () => ({ outcome: 'gone', reason: 'it answered 410 Gone' });
    bench.detected('v1');
    await bench.pass(reactor, hour);
    bench.detected('v2');
    reactor = bench.restart();
    await bench.pass(reactor, 48 * hour);
    expect(bench.sink.tried).toHaveLength(1);
    expect(reactor.status).toMatchObject({ state: 'disabled', reason: 'it answered 410 Gone' });
    expect(bench.alerts.current().map(({ code }) => code)).toEqual(['alert-destination-disabled']);
    bench.sink.answer = () => ({ outcome: 'delivered' });
    expect(await reactor.enable('tok1')).toBe(true);
    expect(await reactor.enable('tok1')).toBe(false);
    await bench.pass(reactor, minute);
    expect(bench.sink.told).toEqual(['violation.new v1', 'violation.new v2']);
    expect(bench.alerts.current()).toEqual([]);
  });

  it('is told to a person after three tries, and no longer once it takes one', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.sink.answer = () => refused;
    bench.detected('v1');
    await bench.pass(reactor, 10_000);
    expect(bench.alerts.current()).toEqual([]);
    await bench.pass(reactor, minute);
    expect(bench.alerts.current()).toMatchObject([{ code: 'alert-undelivered', key: 'soc' }]);
    bench.sink.answer = () => ({ outcome: 'delivered' });
    await bench.pass(reactor, hour);
    expect(bench.alerts.current()).toEqual([]);
    // What concerns the destination itself is for the others.
    expect(bench.sink.told).toEqual(['violation.new v1']);
  });
});

describe('an alert of the engine itself', () => {
  it('is told when it stands, once over restarts, and again when it is over', async () => {
    const bench = new AlertBench();
    let reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.alerts.raise('link-unreadable', { key: 'leaf1', detail: 'leaf1 cannot be read' });
    await bench.pass(reactor, minute);
    reactor = bench.restart();
    await bench.pass(reactor, 2 * minute);
    expect(bench.sink.told).toEqual(['engine.alert-raised link-unreadable']);
    bench.alerts.clear('link-unreadable', 'leaf1');
    await bench.pass(reactor, minute);
    expect(bench.sink.told).toEqual(['engine.alert-raised link-unreadable', 'engine.alert-cleared link-unreadable']);
  });

  it('that flickers is told to nobody', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, minute + 1);
    for (let n = 0; n < 20; n++) {
      bench.alerts.raise('link-unreadable', { key: 'leaf1', detail: 'leaf1 cannot be read' });
      await bench.pass(reactor, 1_000);
      bench.alerts.clear('link-unreadable', 'leaf1');
      await bench.pass(reactor, 1_000);
    }
    expect(bench.sink.tried).toEqual([]);
  });

  it('is told although the log takes nothing', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, 1);
    bench.store.isFull = true;
    bench.alerts.raise('store-full', { key: 'log', detail: 'the disk is full' });
    for (let n = 0; n < 10; n++) {
      await reactor.reconcile();
      bench.nowMs += 6_000;
    }
    expect(bench.sink.told).toEqual(['engine.alert-raised store-full']);
  });

  it('of an enrolment that somebody must choose is told as one', async () => {
    const bench = new AlertBench();
    const reactor = bench.open({ kinds: ['enrolment-choice'] });
    await bench.pass(reactor, 1);
    bench.alerts.raise('link-unreadable', { key: 'leaf1', detail: 'leaf1 cannot be read' });
    bench.alerts.raise('enrolment-undecided', { key: 'srv-1', detail: 'two MACs were seen' });
    await bench.pass(reactor, minute);
    expect(bench.sink.told).toEqual(['enrolment.choice enrolment-undecided']);
  });
});

describe('nobody to tell anything', () => {
  it('costs no look: nothing is due, whatever else is stored', async () => {
    const bench = new AlertBench();
    const reactor = bench.open();
    await bench.pass(reactor, minute);
    let news = 0;
    bench.feed.onNews(() => news++);
    for (let n = 0; n < 1000; n++) bench.tell('LinkUp', 'port-leaf1:Ethernet1', { port: 'leaf1:Ethernet1' });
    expect([reactor.nextDueMs(), news]).toEqual([undefined, 0]);
  });
});
