const NANOSECONDS = 1_000_000_000;

/** How the clock of one interface of a pcapng capture counts (options if_tsresol and if_tsoffset). */
export interface PcapngClock {
  /** Units in a second where that is 1 to 10^9, a power of ten; 0 for any other, which takes the slow way. */
  readonly units: number;
  /** Units in a second. */
  readonly exactUnits: bigint;
  /** Seconds to add. */
  readonly offset: number;
}

/** Microseconds, which counts where an interface says nothing. */
export const microseconds: PcapngClock = { units: 1_000_000, exactUnits: 1_000_000n, offset: 0 };

/**
 * @param resolution the byte of if_tsresol: negative power of ten, or of two where the upper bit is set
 * @param offset seconds, if_tsoffset
 */
export function pcapngClock(resolution: number, offset: number): PcapngClock {
  const power = resolution & 0x7f;
  const exactUnits = (resolution & 0x80) === 0 ? 10n ** BigInt(power) : 2n ** BigInt(power);
  const units = (resolution & 0x80) === 0 && power <= 9 ? 10 ** power : 0;
  return { units, exactUnits, offset };
}

/** Where the two halves of a time are put, so that no frame costs memory. */
interface Time {
  seconds: number;
  nanoseconds: number;
}

/** Sets the time that two 32-bit words of a packet block say, exactly; finer than nanoseconds is cut off. */
export function setPcapngTime(clock: PcapngClock, high: number, low: number, time: Time): void {
  const { units, offset } = clock;
  if (units === 0) return setExactly(clock, high, low, time);
  // Long division by 16 bits at a time: a double would lose the last digits of nanoseconds since 1970.
  const first = high % units;
  const middle = first * 0x10000 + (low >>> 16);
  const last = (middle % units) * 0x10000 + (low & 0xffff);
  const quotient = Math.floor(high / units) * 0x1_0000_0000 + Math.floor(middle / units) * 0x10000;
  time.seconds = quotient + Math.floor(last / units) + offset;
  time.nanoseconds = (last % units) * (NANOSECONDS / units);
}

function setExactly({ exactUnits, offset }: PcapngClock, high: number, low: number, time: Time): void {
  const count = (BigInt(high) << 32n) | BigInt(low);
  time.seconds = Number(count / exactUnits) + offset;
  time.nanoseconds = Number(((count % exactUnits) * 1_000_000_000n) / exactUnits);
}
