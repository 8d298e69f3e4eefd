import { type Day, grown, hourMs, type ViolationRow } from '../../projections/index.js';
import type { GroupNumbers } from './group-numbers.js';

const hoursOfADay = 24;
type Heard = Pick<ViolationRow, 'firstSeen' | 'count' | 'hours' | 'guessedHour'>;

/** How often and when each violation was heard, by its slot: enough to count many together without unpacking a row. */
export class HeardColumns {
  /** ms since 1970. */
  firstSeen = new Float64Array(16);
  /** Frames heard so far. */
  frames = new Float64Array(16);
  /** The newest hour (of 3,600 s since 1970) with frames, and how many. */
  private hour = new Int32Array(16);
  private hourFrames = new Float64Array(16);
  /** The newest hour whose count is partly a guess; 0 for none. */
  private guessed = new Int32Array(16);
  /** Most are heard in one hour only. Of the others all their hours and frames, in turns. */
  private readonly several: (readonly number[] | undefined)[] = [];

  put(slot: number, { firstSeen, count, hours, guessedHour = 0 }: Heard): void {
    if (slot >= this.firstSeen.length) this.grow(slot + 1);
    this.firstSeen[slot] = firstSeen;
    this.frames[slot] = count;
    this.hour[slot] = hours.at(-2) ?? 0;
    this.hourFrames[slot] = hours.at(-1) ?? 0;
    this.guessed[slot] = guessedHour;
    this.several[slot] = hours.length > 2 ? hours : undefined;
  }

  /**
   * The last 24 hours of some groups of violations, each summed up.
   * @param slots violations, and `numbers` the group of each
   * @param shown the groups that are asked for, in the order of the answer
   * @param now ms since 1970
   */
  daysOf(slots: Uint32Array, { numbers, size }: GroupNumbers, shown: readonly number[], now: number): Day[] {
    const oldest = Math.max(0, Math.floor(now / hourMs)) - hoursOfADay + 1;
    const frames = new Float64Array(shown.length * hoursOfADay);
    const guessed = new Uint8Array(shown.length);
    const places = new Int32Array(size).fill(-1);
    shown.forEach((group, place) => (places[group] = place));
    const count = (place: number, hour: number, heard: number): void => {
      const at = hour - oldest;
      if (at < 0 || at >= hoursOfADay) return;
      frames[place * hoursOfADay + at] = (frames[place * hoursOfADay + at] ?? 0) + heard;
    };
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] ?? 0;
      const hour = this.hour[slot] ?? 0;
      if (hour < oldest) continue;
      const place = places[numbers[at] ?? 0] ?? -1;
      if (place < 0) continue;
      const hours = this.several[slot];
      if (hours === undefined) count(place, hour, this.hourFrames[slot] ?? 0);
      else for (let one = 0; one < hours.length; one += 2) count(place, hours[one] ?? 0, hours[one + 1] ?? 0);
      if ((this.guessed[slot] ?? 0) >= oldest) guessed[place] = 1;
    }
    return shown.map((_, place) => ({
      frames: [...frames.subarray(place * hoursOfADay, (place + 1) * hoursOfADay)],
      exact: guessed[place] === 0,
    }));
  }

  private grow(length: number): void {
    this.firstSeen = grown(this.firstSeen, length);
    this.frames = grown(this.frames, length);
    this.hour = grown(this.hour, length);
    this.hourFrames = grown(this.hourFrames, length);
    this.guessed = grown(this.guessed, length);
  }
}
