/** One field that is not as expected. */
export interface FieldError {
  /** JSON pointer (RFC 6901) into the event, such as `/data/mac`. */
  readonly pointer: string;
  /** The HTTP header that says it, in binary mode. */
  readonly header?: string;
  readonly detail: string;
}

/** Why an event is not accepted: an expected answer, so a value. */
export interface Refusal {
  readonly refused: true;
  /** 400, 403, 409, 413, 422, or 424 for the followers of a refused event. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** Scopes of which one is missing, where that is the reason. */
  readonly missingScopes?: readonly string[];
}

export function refuse(status: number, code: string, detail: string, errors: readonly FieldError[] = []): Refusal {
  return { refused: true, status, code, detail, errors };
}

/** A refusal that one field causes; the detail starts with its pointer. */
export function refuseField(status: number, code: string, pointer: string, detail: string): Refusal {
  return refuse(status, code, `${pointer}: ${detail}`, [{ pointer, detail }]);
}

/** A value as an answer may show it. */
export function found(value: unknown): string {
  if (value === undefined) return 'it is missing';
  const text = JSON.stringify(value);
  return `found ${text.length <= 80 ? text : `${text.slice(0, 77)}...`}`;
}
