import { formatInstant } from '../../../events/index.js';
import type { SelfTestOutcome } from './self-tests.js';

/** A self-test as it is shown; durations in ms, both counted from sending. */
export interface SelfTestView {
  readonly port: string;
  readonly sensor: string;
  readonly passed: boolean;
  readonly sentAt: string;
  readonly mac: string;
  readonly address: string;
  readonly capturedAfterMs?: number;
  readonly judgedAfterMs?: number;
  readonly rule?: string;
  readonly sentence: string;
}

export function selfTestView(outcome: SelfTestOutcome): SelfTestView {
  const { port, sensor, passed, at, claim, capturedAfterMs, judgedAfterMs, rule } = outcome;
  const captured = capturedAfterMs === undefined ? undefined : Math.round(capturedAfterMs);
  return {
    port,
    sensor,
    passed,
    sentAt: formatInstant(at),
    ...claim,
    ...(captured !== undefined && { capturedAfterMs: captured }),
    ...(judgedAfterMs !== undefined && { judgedAfterMs }),
    ...(rule !== undefined && { rule }),
    sentence: passed
      ? `Passed: sensor ${sensor} heard the forged claim at ${port} ${captured} ms after it was sent; ${rule} found it after ${judgedAfterMs} ms.`
      : `Failed: the forged claim sent at ${port} was not found. Either sensor ${sensor} does not hear, or its selftest interface does not reach the port.`,
  };
}
