import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Lets Nest write through our log; its start-up chatter is left out. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(): void {}

  error(message: unknown, ...rest: unknown[]): void {
    this.target.error('nest failed', { error: textOf(message), context: rest.map(textOf) });
  }

  warn(message: unknown): void {
    this.target.warn('nest warned', { warning: textOf(message) });
  }
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
