import type { MacAddress, PortId, Vlan } from '../../../events/index.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import { announcementOf } from '../../../src/sensor/coverage/announcement.js';
import { type SelfTestClaim, SelfTests } from '../../../src/sensor/coverage/self-tests.js';
import { detectionOf, type Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { primaryFinding, ruleMemories } from '../../../projections/index.js';
import { captured } from '../capture/frames.js';
import { grantsOf, heardOn, rack } from '../../projections/rules/rack.js';

const port = 'leaf1:Ethernet16' as PortId;
const sensor = 'leaf1-e16';

/** The verdict of the real rules about the claim, as the judge would have it. */
function verdictOf({ mac, address }: SelfTestClaim, more: Record<string, unknown> = {}): Verdict {
  const observation = heardOn(16, { etherSource: mac, claimedMac: mac, claimedAddress: address, sensor, port });
  const found = primaryFinding(observation, grantsOf(rack), ruleMemories());
  if (found === undefined) throw new Error('the claim of a self-test is no violation');
  const about = {
    violationId: 'v0',
    found,
    alsoMatched: [],
    heard: observation,
    ordinal: 1,
    basis: '[]',
    isGroup: false,
  };
  const data = { ...detectionOf(about), ...more };
  return { type: 'ViolationDetected', data, sensor, time: Date.now() };
}

let tests: SelfTests;
beforeEach(() => (tests = new SelfTests()));
const draw = (): SelfTestClaim => tests.draw(() => false);

describe('the claim of a self-test', () => {
  it('is a test address that nobody holds, by a MAC that is locally administered', () => {
    for (let round = 0; round < 50; round++) {
      const { mac, address } = tests.draw((one) => !one.endsWith('.77'));
      expect(address).toBe('192.0.2.77');
      expect(mac).toMatch(/^02:50:4c(:[0-9a-f]{2}){3}$/);
    }
    const addresses = new Set(Array.from({ length: 300 }, () => draw().address));
    for (const one of addresses) expect(one).toMatch(/^192\.0\.2\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/);
    expect(addresses.size).toBeGreaterThan(50);
  });

  it('is an ARP announcement that every decoder understands', () => {
    const frame = announcementOf({ mac: '02:50:4c:01:02:03', address: '192.0.2.9' });
    expect(frame).toHaveLength(60);
    expect(decodeFrame(captured(frame))).toMatchObject({
      kind: 'arp-request',
      etherSource: '02:50:4c:01:02:03',
      etherDestination: 'ff:ff:ff:ff:ff:ff',
      senderMac: '02:50:4c:01:02:03',
      senderIp: '192.0.2.9',
      targetIp: '192.0.2.9',
      problem: undefined,
    });
  });
});

describe('a self-test', () => {
  it('passes when its verdict comes, which is taken aside', async () => {
    const claim = draw();
    let aside = false;
    const send = (): Promise<void> => {
      setTimeout(() => (aside = tests.takeAside(verdictOf(claim))), 20);
      return Promise.resolve();
    };
    const outcome = await tests.run({ sensor, port }, claim, send, 5_000);
    expect(outcome).toMatchObject({ sensor, port, passed: true, rule: 'unknown-mac', claim });
    expect(outcome.judgedAfterMs).toBeGreaterThanOrEqual(0);
    expect(aside).toBe(true);
    expect(tests.lastOf(sensor)).toEqual(outcome);
  });

  it('fails when it does not come, and is passed after all when it comes late', async () => {
    const claim = draw();
    expect(await tests.run({ sensor, port }, claim, () => Promise.resolve(), 20)).toMatchObject({ passed: false });
    expect(tests.lastOf(sensor)).toMatchObject({ passed: false });
    expect(tests.takeAside(verdictOf(claim))).toBe(true);
    expect(tests.lastOf(sensor)).toMatchObject({ passed: true });
  });

  it('that could not be sent says nothing of the sensor, and hides nothing', async () => {
    const claim = draw();
    const refused = tests.run({ sensor, port }, claim, () => Promise.reject(new Error('no interface')), 20);
    await expect(refused).rejects.toThrow('no interface');
    expect(tests.lastOf(sensor)).toBeUndefined();
    expect(tests.takeAside(verdictOf(claim))).toBe(false);
  });

  describe('hides nobody', () => {
    let claim: SelfTestClaim;
    beforeEach(async () => {
      claim = draw();
      await tests.run({ sensor, port }, claim, () => Promise.resolve(), 1);
    });

    it.each([
      ['who claims another address with its MAC', { claimedAddress: '198.51.100.1' }],
      ['who claims its address with another MAC', { claimedMac: '02:50:4c:ff:ff:ff' }],
      ['who says the same on another port', { port: 'leaf1:Ethernet66' }],
      ['whose port is not known', { port: undefined }],
    ])('%s', (_who, more) => {
      expect(tests.takeAside(verdictOf(claim, more))).toBe(false);
    });

    it('who repeats it after it was heard', () => {
      expect(tests.takeAside(verdictOf(claim))).toBe(true);
      expect(tests.takeAside(verdictOf(claim))).toBe(false);
    });

    it('before a test, or with a MAC of the same beginning', () => {
      expect(new SelfTests().takeAside(verdictOf(claim))).toBe(false);
      const other = draw();
      expect(tests.takeAside(verdictOf({ ...claim, mac: other.mac }))).toBe(false);
    });
  });

  it('tells nobody that its MAC was seen, but tells of every other', async () => {
    const claim = draw();
    await tests.run({ sensor, port }, claim, () => Promise.resolve(), 1);
    const seen = (mac: string, at: string): Verdict => ({
      type: 'MacSeen',
      data: { port: at as PortId, vlan: 16 as Vlan, mac: mac as MacAddress },
      sensor,
      time: 0,
    });
    expect(tests.takeAside(seen(claim.mac, port))).toBe(true);
    expect(tests.takeAside(seen(claim.mac, 'leaf1:Ethernet66'))).toBe(false);
    expect(tests.takeAside(seen('52:54:00:00:00:16', port))).toBe(false);
  });

  it('is heard by a second sensor of the port without becoming a violation there', async () => {
    const claim = draw();
    await tests.run({ sensor, port }, claim, () => Promise.resolve(), 1);
    expect(tests.takeAside(verdictOf(claim, { sensor: 'second' }))).toBe(true);
    expect(tests.lastOf(sensor)).toMatchObject({ passed: false });
  });
});
