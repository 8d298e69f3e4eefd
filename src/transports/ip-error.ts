/** Why iproute2 could not answer; the message says what happened and the cure, without a device's name. */
export class IpError extends Error {
  constructor(
    readonly code: 'misconfigured' | 'namespace-gone' | 'refused' | 'unreachable' | 'unreadable' | 'timeout',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IpError';
  }
}
