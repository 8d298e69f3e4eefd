// A judge on the rack of the rules' tests, with nothing stored before unless said so.
import type { PortId, Vlan } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { Judge } from '../../../src/sensor/judge/judge.js';
import type { JudgeLimits, StoredVerdicts } from '../../../src/sensor/judge/judge-limits.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { heardOn, strangeMac } from '../../projections/rules/rack.js';

export const noonMs = Date.UTC(2026, 10, 2, 12);

export const nothingStored: StoredVerdicts = { isViolation: () => false, lastSeen: () => undefined };

/** What the log remembers of these verdicts. */
export function storedFrom(verdicts: readonly Verdict[]): StoredVerdicts {
  const violations = new Set<string>();
  const macs = new Map<string, string>();
  const key = (port: PortId, vlan: Vlan): string => `${port} ${vlan}`;
  for (const { type, data } of verdicts) {
    if (type === 'ViolationDetected') violations.add(data.violationId);
    if (type === 'MacSeen') macs.set(key(data.port, data.vlan), data.mac);
  }
  return { isViolation: (id) => violations.has(id), lastSeen: (port, vlan) => macs.get(key(port, vlan)) };
}

export function newJudge(limits: Partial<JudgeLimits> = {}, stored = nothingStored): Judge {
  return new Judge(stored, limits);
}

/** The forger on Ethernet66 claims an address of the server on Ethernet16, so many ms after noon. */
export function spoofAt(ms: number, more: Partial<Observation> = {}): Observation {
  return heardOn(66, { claimedAddress: '198.51.100.16', frameTime: noonMs + ms, ...more });
}

/** A card that billing does not know speaks on Ethernet16, so many ms after noon. */
export function strangerAt(ms: number, more: Partial<Observation> = {}): Observation {
  return heardOn(16, { etherSource: strangeMac, claimedAddress: '198.51.100.16', frameTime: noonMs + ms, ...more });
}

export const violationsIn = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter((one) => one.type !== 'MacSeen');

export const sightingsIn = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter((one) => one.type === 'MacSeen');
