import type { JournalLine } from '../../events/index.js';
import { ProblemError } from '../ops/problem.js';
import type { ApplyOutcome } from '../reactors/approval.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import { isDone, type ShownLine } from '../reactors/recorder.js';
import { type DeviceRegistry, named } from './device-registry.js';
import { textOf } from './request-fields.js';

/** What came of an approved plan. */
export interface Applied {
  readonly device: string;
  readonly planHash: string;
  /** `confirmed`: reading back showed every line done; `partial`: not every one, see `lines` and `left`. */
  readonly outcome: 'confirmed' | 'partial' | 'failed' | 'nothing-to-do';
  /** Names it in the journal of the device. */
  readonly planId?: string;
  readonly error?: string;
  /** What reading back showed of each line that was tried. */
  readonly lines: readonly JournalLine[];
  /** What the device still lacks, or has too much. */
  readonly left: readonly ShownLine[];
}

const planHashShape = /^[0-9a-f]{16}$/;

interface Asked {
  readonly planHash: string;
  readonly device: string | undefined;
  readonly confirm: string | undefined;
}

/** What a request to apply says. Throws a ProblemError that names the field. */
export function wordOf(planHash: string, body: unknown): Asked {
  if (!planHashShape.test(planHash)) {
    const detail = 'The plan is named by the 16 hexadecimal digits that GET /v1/devices/{device}/plan shows';
    throw new ProblemError(400, 'plan-hash-missing', detail);
  }
  return { planHash, device: textOf(body, 'device'), confirm: textOf(body, 'confirm') };
}

/** The device whose plan this is now. Throws a ProblemError where there is none, or more than one. */
export function findPlan(devices: DeviceRegistry, planHash: string, device: string | undefined): DeviceStatus {
  if (device !== undefined) return named(devices, device).status;
  const [found, another] = devices.all().filter(({ status }) => status.planHash === planHash);
  if (found === undefined) {
    const detail = `No device has the plan ${planHash} now: the map or the device moved since it was shown. Look again: portledger plan`;
    throw new ProblemError(409, 'other-plan', detail);
  }
  if (another !== undefined) {
    const names = `${found.status.device} and ${another.status.device}`;
    throw new ProblemError(409, 'ambiguous-plan', `Both ${names} have the plan ${planHash}: name the device as well.`);
  }
  return found.status;
}

/** The answer to an operator. Throws a ProblemError where nothing was done. */
export function applied(device: string, planHash: string, outcome: ApplyOutcome): Applied {
  const none = { device, planHash, lines: [], left: [] };
  switch (outcome.said) {
    case 'applied': {
      const done = outcome.lines.every(isDone) && outcome.left.length === 0;
      const { planId, lines, left } = outcome;
      return { device, planHash, outcome: done ? 'confirmed' : 'partial', planId, lines, left };
    }
    case 'nothing-to-do':
      return { ...none, outcome: 'nothing-to-do' };
    case 'failed':
      return { ...none, outcome: 'failed', error: outcome.error };
    case 'other-plan': {
      const detail = `The map or ${device} moved since ${planHash} was shown: its plan is ${outcome.planHash} now. Look again: portledger plan ${device}`;
      throw new ProblemError(409, 'other-plan', detail, { planHash: outcome.planHash });
    }
    case 'observing': {
      const detail = `${device} is only observed: nothing is written to it. Set its mode to propose or enforce in the configuration, and start the engine again.`;
      throw new ProblemError(409, 'observed-only', detail);
    }
    case 'frozen': {
      const detail = `Nothing is written to ${device}: ${outcome.detail}. An operator lets it go on: portledger resume`;
      throw new ProblemError(409, 'device-frozen', detail);
    }
    case 'confirmation-needed': {
      const detail = `This plan takes more from ${device} than the removal limit allows. If that is meant, confirm it by these words: ${outcome.words}`;
      throw new ProblemError(409, 'confirmation-needed', detail, { confirm: outcome.words });
    }
  }
}

export function unsettled(device: string, planHash: string): ProblemError {
  const detail = `${device} has not been read back yet, plan ${planHash} goes on. See portledger plan ${device}`;
  return new ProblemError(504, 'apply-unsettled', detail);
}
