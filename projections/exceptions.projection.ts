import type { ExceptionGranted } from '../events/index.js';
import { type Projection, unreachable } from './projection.js';
import { isLater, type Register, type Stamp, write } from './register.js';

/** One exception an operator granted: the latest word on what it excuses, and when it was ended. */
export interface ExceptionRow {
  readonly exceptionId: string;
  readonly granted: Register<ExceptionGranted> | undefined;
  /** The latest end; void when a later grant renewed the exception. */
  readonly ended: Stamp | undefined;
}

export const exceptions: Projection<ExceptionRow, 'ExceptionGranted' | 'ExceptionEnded'> = {
  name: 'exceptions',
  handles: ['ExceptionGranted', 'ExceptionEnded'],
  key: (event) => event.data.exceptionId,
  evolve(row, event) {
    const { exceptionId } = event.data;
    switch (event.type) {
      case 'ExceptionGranted': {
        const granted = write(row?.granted, event.data, event);
        return granted === row?.granted ? row : { exceptionId, granted, ended: row?.ended };
      }
      case 'ExceptionEnded': {
        const { ended, granted } = row ?? {};
        if (ended !== undefined && !isLater(event, ended)) return row;
        return { exceptionId, granted, ended: { time: event.time, ordinal: event.ordinal } };
      }
      default:
        return unreachable(event);
    }
  },
};

/** No exception excuses anything for longer than this after its grant, whatever it says; ms. */
export const longestExceptionMs = 30 * 24 * 3_600_000;
