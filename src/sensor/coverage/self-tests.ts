import { randomBytes, randomInt } from 'node:crypto';
import type { PortId } from '../../../events/index.js';
import type { Verdict } from '../judge/judge-verdict.js';
import type { SelfTestResult } from './hearing-watch.js';

/** A claim that nobody can have been sold, known to us alone until it is sent. */
export interface SelfTestClaim {
  readonly mac: string;
  readonly address: string;
}

/** How a self-test ended. */
export interface SelfTestOutcome extends SelfTestResult {
  readonly sensor: string;
  readonly port: PortId;
  readonly claim: SelfTestClaim;
  /** From sending to the capture of the frame, and to its verdict, ms; only of one that passed. */
  readonly capturedAfterMs?: number;
  readonly judgedAfterMs?: number;
  /** The rule that found it. */
  readonly rule?: string;
}

interface Pending {
  readonly sensor: string;
  readonly port: PortId;
  readonly claim: SelfTestClaim;
  readonly at: number;
  /** The sensors whose verdict was taken aside: each once. */
  readonly heardBy: Set<string>;
  readonly passed: (outcome: SelfTestOutcome) => void;
}

/** Locally administered (IEEE 802c), in use for nothing else of ours: the rest of the MAC is random. */
const macPrefix = '02:50:4c';
/** A verdict that comes later than this after the claim was sent is a violation like any other, ms. */
const recognisedMs = 60_000;

/**
 * Self-tests under way, and how the last of each sensor ended.
 *
 * A self-test is an ARP announcement of a test address (192.0.2.0/24, RFC 5737) by a random MAC. It goes the whole way,
 * wire, capture, decoding, judging, and its verdict is taken aside only here, in place of being stored as a violation: by MAC
 * and address, both as drawn for this test, on its own port, once a sensor, within a minute. Anything else that uses such a MAC is
 * a violation.
 */
export class SelfTests {
  private readonly pending = new Map<string, Pending>();
  private readonly last = new Map<string, SelfTestOutcome>();

  lastOf(sensor: string): SelfTestOutcome | undefined {
    return this.last.get(sensor);
  }

  isUnderWay(sensor: string): boolean {
    return [...this.pending.values()].some((one) => one.sensor === sensor);
  }

  /** Draws a claim; `isSold` says whether an address is somebody's. */
  draw(isSold: (address: string) => boolean): SelfTestClaim {
    const random = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'));
    const first = randomInt(1, 255);
    const hosts = Array.from({ length: 254 }, (_, index) => ((first + index - 1) % 254) + 1);
    const free = hosts.find((host) => !isSold(`192.0.2.${host}`)) ?? first;
    return { mac: [macPrefix, ...random].join(':'), address: `192.0.2.${free}` };
  }

  /**
   * Sends the claim by `send` and waits for its verdict. Resolves with the outcome, passed or not; rejects as `send`
   * does, and then the sensor is not blamed.
   */
  async run(
    { sensor, port }: { readonly sensor: string; readonly port: PortId },
    claim: SelfTestClaim,
    send: () => Promise<void>,
    waitMs: number,
  ): Promise<SelfTestOutcome> {
    const at = Date.now();
    let timer: NodeJS.Timeout | undefined;
    const outcome = new Promise<SelfTestOutcome>((resolve) => {
      this.pending.set(claim.mac, { sensor, port, claim, at, heardBy: new Set(), passed: resolve });
      timer = setTimeout(() => resolve({ sensor, port, claim, at, passed: false }), waitMs);
    });
    setTimeout(() => this.pending.delete(claim.mac), recognisedMs).unref();
    try {
      await send();
      const ended = await outcome;
      if (!ended.passed) this.last.set(sensor, ended);
      return ended;
    } catch (error) {
      this.pending.delete(claim.mac);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** True for a verdict about the claim of a self-test: it is to be stored nowhere. */
  takeAside(verdict: Verdict): boolean {
    const { type, data } = verdict;
    if (type === 'MacSeen') return this.pending.get(data.mac)?.port === data.port;
    if (type !== 'ViolationDetected') return false;
    const pending = this.pending.get(data.claimedMac);
    if (pending === undefined) return false;
    const { sensor, port, claim, at, heardBy } = pending;
    if (claim.address !== data.claimedAddress || port !== data.port || heardBy.has(data.sensor)) return false;
    heardBy.add(data.sensor);
    if (data.sensor !== sensor) return true;
    const times = { capturedAfterMs: Math.max(0, verdict.time - at), judgedAfterMs: Date.now() - at };
    const outcome: SelfTestOutcome = { sensor, port, claim, at, passed: true, ...times, rule: data.rule };
    // Also one that comes after the patience of who asked: late is not deaf.
    this.last.set(sensor, outcome);
    pending.passed(outcome);
    return true;
  }
}
