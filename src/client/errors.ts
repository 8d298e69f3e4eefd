/** The engine did not answer as long as somebody waited. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';

  /**
   * @param about what was asked, such as the id of a fact
   * @param attempts how often it was sent; 0 for a fact that never was, because others of its subject stood before it
   * @param mayBeStored of a fact: true unless it was never sent. Publish the same again, with the same id.
   */
  constructor(
    readonly about: string,
    readonly attempts: number,
    readonly mayBeStored: boolean,
    why: string,
    options?: ErrorOptions,
  ) {
    const sent =
      attempts === 0 ? 'was not sent' : `got no answer in ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}`;
    const cure = mayBeStored ? ' It may be stored or not: publish the same again, with the same id.' : '';
    super(`${about} ${sent}: ${why.replace(/\.$/, '')}.${cure}`, options);
  }
}

/** The engine refused a question: the same again will not help. */
export class QuestionRefusedError extends Error {
  override readonly name = 'QuestionRefusedError';

  /**
   * @param status HTTP status, 400 to 499
   * @param code stable name of the reason, such as `missing-scope`
   * @param detail the engine's own words
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code} (${status}): ${detail}`);
  }
}

/** Something was asked of a client that was closed. */
export class ClientClosedError extends Error {
  override readonly name = 'ClientClosedError';

  constructor() {
    super('This client was closed: what it had taken is answered, and it takes nothing more. Make a new one.');
  }
}
