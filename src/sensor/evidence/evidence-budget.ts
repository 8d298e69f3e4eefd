import { setImmediate as breathe } from 'node:timers/promises';
import type { SensorLog } from '../judge/verdict-writer.js';
import { type EvidenceDirectory, onDiskBytes } from './evidence-directory.js';

export interface BudgetOptions {
  /** What the files may take of the disk, bytes. */
  readonly maxBytes: number;
  /** Evidence of an open violation is never removed. */
  readonly isOpen: (violationId: string) => boolean;
  readonly log: SensorLog;
}

/** Keeps the evidence within its part of the disk: the oldest of closed violations makes room for new. */
export class EvidenceBudget {
  constructor(
    private readonly directory: EvidenceDirectory,
    private readonly options: BudgetOptions,
  ) {}

  /** True when there is room for a file of so many bytes, or room was made. */
  async makeRoom(violationId: string, bytes: number): Promise<boolean> {
    const { maxBytes } = this.options;
    const after = this.directory.bytes + onDiskBytes(bytes) - this.directory.bytesOf(violationId);
    return after <= maxBytes || this.removeClosed(after - maxBytes);
  }

  /** Removes until so many bytes are free. False when all that is left is open. */
  async removeClosed(bytes: number): Promise<boolean> {
    const wanted = this.directory.bytes - bytes;
    let looked = 0;
    for (const violationId of [...this.directory.violations()]) {
      if (++looked % 1000 === 0) await breathe();
      if (this.options.isOpen(violationId)) continue;
      await this.directory.remove(violationId);
      this.options.log.info('evidence removed to make room', { violationId });
      if (this.directory.bytes <= wanted) return true;
    }
    return false;
  }
}
