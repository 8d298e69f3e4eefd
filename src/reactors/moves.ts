import type { ServerId } from '../../events/index.js';

/** What is known of one device that announces, as far as a move has to ask. */
export interface Side {
  readonly device: string;
  /** True when it announces this destination, or may do so as far as anybody can tell. */
  mayAnnounce(destination: string): boolean;
  /** False until it was read since the engine started: until then nobody knows better than its journal. */
  readonly wasRead: boolean;
  /** Since when it could not be read, ms monotonic; undefined while it can be. */
  readonly lostAt: number | undefined;
  /** How long its neighbours keep the routes of a gateway that died (RFC 4271 section 4.2). */
  readonly holdTimeMs: number;
}

/** Whether a destination may be announced here now. */
export type Verdict =
  | {
      readonly may: true;
      /** Devices that could not be asked and may still announce it. */
      readonly unconfirmed: readonly string[];
    }
  | {
      readonly may: false;
      readonly waits: string;
      /** When the answer becomes another one although nothing happens, ms monotonic; undefined when it does not. */
      readonly dueAt: number | undefined;
    };

/**
 * The law of a move: what another gateway still announces is not announced here. Only reading that gateway back lifts it;
 * where it cannot be read, its hold time since it was lost, or an operator's word.
 * @param others the devices of every other switch, less those that the two may overlap with
 * @param now ms, monotonic
 * @param isReleased an operator said that it need not wait any longer
 */
export function verdictOn(destination: string, others: readonly Side[], now: number, isReleased: boolean): Verdict {
  const unconfirmed: string[] = [];
  for (const side of others) {
    if (!side.mayAnnounce(destination)) continue;
    const { device, lostAt, holdTimeMs } = side;
    const dueAt = lostAt === undefined ? undefined : lostAt + holdTimeMs;
    if (isReleased || (dueAt !== undefined && dueAt <= now)) unconfirmed.push(device);
    else return { may: false, waits: reasonOf(side), dueAt };
  }
  return { may: true, unconfirmed };
}

function reasonOf({ device, wasRead, lostAt, holdTimeMs }: Side): string {
  if (lostAt === undefined)
    return wasRead ? `${device} still announces it` : `${device} was not read yet and may announce it`;
  const wait = `waiting out its BGP hold time of ${holdTimeMs / 1000} s, or an operator's portledger move release`;
  return `${device} cannot be read and may still announce it: ${wait}`;
}

/** How a server came, or comes, from one gateway to another: one for each destination. */
export interface Move {
  /** Such as `2001:db8:16::/48` or `198.51.100.16/32`. */
  readonly destination: string;
  readonly serverId: ServerId;
  readonly from: readonly string[];
  readonly to: string;
  /** Ordinal of the event that gave the destination to its new gateway, or a later one about the same server. */
  readonly epoch: number;
  /** `announce-first` where the configuration lets the two sites overlap. */
  readonly manner: 'withdraw-first' | 'announce-first';
  readonly state: 'waiting' | 'announcing' | 'withdrawing' | 'finished';
  /** Why it waits. */
  readonly waits?: string;
  /** `unconfirmed`: it was announced although the old gateway could not be asked, or had not withdrawn. */
  readonly oldSide: 'confirmed' | 'unconfirmed';
  /** Ms from the old gateway read back without it to the new one read back with it; absent where that cannot be told. */
  readonly blackoutMs?: number;
  /** The token of the operator who let it go on. */
  readonly releasedBy?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt?: string;
}

/** A destination that a device may still announce although it belongs to another gateway, which announces it too. */
export interface Fenced {
  readonly destination: string;
  /** The device that announces it rightly. */
  readonly announcedAt: string;
}
