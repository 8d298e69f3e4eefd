import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type { BirdControl, BirdReply } from './bird-control.js';
import type { Rewrite } from './bird-half.js';
import { differenceOf, type Loaded } from './bird-loaded.js';
import { isUnconfirmed } from './bird-tables.js';

export interface BirdPush {
  readonly device: string;
  readonly control: BirdControl;
  /** Seconds after which the daemon goes back by itself unless it is told that all is well. */
  readonly confirmSeconds: number;
  /** What the daemon has loaded of a protocol, asked anew. */
  readonly loaded: (protocol: string) => Promise<Loaded>;
}

const reconfigured = new Set(['0003', '0004', '0005']); // done, in progress, queued: reading back tells
const configurationOk = '0020';
/** The daemon said no, or did not do what it said: it answers, so it can be told to go back. */
const putBack: ReadonlySet<DeviceError['code']> = new Set(['refused', 'rolled-back']);
/** How often, and how long apart in ms, a daemon that is still reconfiguring is read again. */
const verifyTries = 40;
const verifyPauseMs = 25;

/**
 * Makes the daemon load the files: `configure check`, `configure timeout`, read back, `configure confirm`.
 * Whatever goes wrong before the confirmation, it is told to undo, and the files are put back; where it cannot be
 * told, it goes back by itself, and the files say `pending`.
 */
export async function loadFiles(push: BirdPush, all: readonly Rewrite[], stamp: DeviceStamp): Promise<void> {
  const { control } = push;
  const changed = all.filter(({ differs }) => differs);
  await refuseOthersChange(push, all);
  let isLoaded = false;
  try {
    // The daemon does not wait for the disk: when it has confirmed, the file is written once more, durably.
    await Promise.all(changed.map((rewrite) => rewrite.half.writePending(rewrite, stamp)));
    const check = await control.command('configure check');
    if (check.code !== configurationOk) throw refusal(push, check);
    const reply = await control.command(`configure timeout ${push.confirmSeconds}`);
    if (!reconfigured.has(reply.code)) throw refusal(push, reply);
    isLoaded = true;
    const difference = await verified(push, all);
    if (difference !== undefined) {
      const message = `BIRD says that it took the configuration, but ${difference}; it was undone and our include files were put back`;
      throw new DeviceError(push.device, 'rolled-back', `${message}. Look at BIRD's log`);
    }
    const confirmed = await control.command('configure confirm');
    if (!confirmed.code.startsWith('00')) throw refusal(push, confirmed);
  } catch (error) {
    if (!(error instanceof DeviceError) || !putBack.has(error.code)) throw error;
    if (isLoaded) await control.command('configure undo');
    for (const rewrite of all) await rewrite.half.restore(rewrite);
    throw error;
  }
}

/** Confirming ours would confirm what somebody else is trying out, and take their way back from them. */
async function refuseOthersChange({ device, control }: BirdPush, all: readonly Rewrite[]): Promise<void> {
  if (all.some(({ present }) => present?.pending === true)) return; // ours, from before a crash
  if (!isUnconfirmed(await control.command('configure status'))) return;
  const cure = 'run "birdc configure confirm" or "birdc configure undo", or wait for its timeout';
  throw new DeviceError(device, 'locked', `somebody else's configuration of BIRD waits to be confirmed; ${cure}`);
}

/** How the daemon differs from what it was told, after it had the time to load it. */
async function verified(push: BirdPush, all: readonly Rewrite[]): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    const differences = await Promise.all(
      all.map(async ({ half, routes }) => differenceOf(routes, await push.loaded(half.protocol))),
    );
    const difference = differences.find((one) => one !== undefined);
    if (difference === undefined || tries === verifyTries) return difference;
    await new Promise((resolve) => setTimeout(resolve, verifyPauseMs));
  }
}

export const textOf = (reply: BirdReply): string => `${reply.code} ${reply.lines.at(-1)?.text ?? ''}`;

function refusal({ device }: BirdPush, reply: BirdReply): DeviceError {
  const message = `BIRD refuses the configuration: ${textOf(reply)}; our include files were put back, correct what it names`;
  return new DeviceError(device, 'refused', message);
}
