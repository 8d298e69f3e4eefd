/**
 * Why an SSH connection could not do what was asked; the message says what happened and the cure, and holds no secret.
 * `untrusted`: the host showed another key than the pinned one. `misconfigured`: also a login that the host refuses.
 */
export class SshError extends Error {
  constructor(
    readonly code: 'misconfigured' | 'untrusted' | 'unreachable' | 'timeout',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SshError';
  }
}
