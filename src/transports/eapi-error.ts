/** A command that the switch refused, and what it said about it. */
export interface RefusedCommand {
  /** Which of the commands sent, counted from 0. */
  readonly index: number;
  /** The error code of eAPI: 1000 failed, 1002 no such command, 1003 has no JSON form, 1005 not permitted. */
  readonly code: number;
  /** What the switch printed, each line as it came; text of the device, never to be trusted. */
  readonly said: readonly string[];
  /** The answers to the commands before it, which were carried out. */
  readonly before: readonly unknown[];
}

/**
 * Why a switch could not be asked over eAPI; the message says what happened and the cure, without a device's name.
 * `untrusted`: it shows another certificate than the pinned one, and was told nothing.
 */
export class EapiError extends Error {
  /** The command that was refused; undefined where it came to none. */
  readonly command: RefusedCommand | undefined;

  constructor(
    readonly code: 'misconfigured' | 'untrusted' | 'refused' | 'unreachable' | 'unreadable' | 'timeout',
    message: string,
    options: ErrorOptions & { readonly command?: RefusedCommand } = {},
  ) {
    super(message, options);
    this.name = 'EapiError';
    this.command = options.command;
  }
}
