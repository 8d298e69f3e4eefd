import { appendFileSync, writeFileSync } from 'node:fs';
import { CliError, exitCode } from '../../cli/command.js';
import type { Row } from './row.js';

/** The column that says why; it means nothing when the file is imported again. */
const reasonName = 'reason';

/** Rows that were not imported, in the format they came in, each with the reasons: to be mended and imported again. */
export class RejectsFile {
  rows = 0;
  private readonly header: string;

  /** @throws CliError where the file cannot be written */
  constructor(
    private readonly file: string,
    header: readonly string[],
  ) {
    const isAgain = header[0] === reasonName;
    this.header = header.length === 0 ? '' : csvLine(isAgain ? header : [reasonName, ...header]);
    this.hasReason = isAgain;
    this.write(() => writeFileSync(file, this.header));
  }

  private readonly hasReason: boolean;

  add({ original }: Row, reasons: readonly string[]): void {
    this.rows++;
    const reason = reasons.join('; ');
    this.write(() => appendFileSync(this.file, this.lineOf(original, reason)));
  }

  private lineOf(original: Row['original'], reason: string): string {
    if (typeof original === 'string') return `${JSON.stringify({ [reasonName]: reason, text: original })}\n`;
    if (Array.isArray(original)) {
      const cells = original as readonly string[];
      return csvLine([reason, ...(this.hasReason ? cells.slice(1) : cells)]);
    }
    return `${JSON.stringify({ ...original, [reasonName]: reason })}\n`;
  }

  private write(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      throw new CliError(exitCode.error, `The rejects cannot be written to ${this.file} (${code}). Name another file.`);
    }
  }
}

/** One record (RFC 4180): what holds a delimiter of any dialect, a quote or a line end is quoted. */
export function csvLine(cells: readonly string[]): string {
  const spelt = cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${spelt.join(',')}\n`;
}
