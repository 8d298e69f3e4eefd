/** One table as a device printed it. */
export interface ShownTable {
  /** The command, the file: where it came from, for messages. */
  readonly from: string;
  /** The name of its format; `auto` finds it out. */
  readonly format: string;
  readonly text: string;
}

/** Reads the tables of one device. */
export interface TableReader {
  /** All tables, MAC tables first. Rejects with a TableReadError. */
  read(): Promise<readonly ShownTable[]>;
  close(): Promise<void>;
}

/** Tables that cannot be read: what happened, and what an operator can do about it. */
export class TableReadError extends Error {
  override readonly name = 'TableReadError';

  constructor(
    readonly reason: string,
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(`${reason}; ${cure}`, options);
  }
}

const cures: Readonly<Record<string, string>> = {
  misconfigured: 'correct its driver in the configuration, or the files that it names',
  untrusted: 'compare what it shows with its console, then mend the pin',
  refused: 'let its user give the show commands',
  unreachable: 'see whether it answers from here, and whether its management interface is up',
  timeout: 'look at its load and at the network between',
  unreadable: 'see whether the port is that of the service named',
  'namespace-gone': 'make the network namespace again; reading resumes by itself',
};

/** What a transport said of a device, as an error that names the device and a cure. */
export function readFailure(device: string, error: unknown): TableReadError {
  if (error instanceof TableReadError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const cure = typeof code === 'string' ? cures[code] : undefined;
  const said = typeof message === 'string' ? message : String(error);
  return new TableReadError(`tables of ${device} cannot be read: ${said}`, cure ?? 'see the log of the device', {
    cause: error,
  });
}
