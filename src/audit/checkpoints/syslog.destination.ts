import { asciiJson, sendSyslog, syslogLine, type SyslogServer } from '../../transports/syslog-sender.js';
import { type Destination, DeliveryError } from './delivery.js';
import { parseCheckpoint } from './checkpoint.js';

/** Facility 13 (log audit), severity 5 (notice). */
const [facility, severity] = [13, 5];

/** Sends each checkpoint as one message (RFC 5424). */
export class SyslogDestination implements Destination {
  readonly name: string;

  constructor(
    private readonly server: SyslogServer,
    private readonly now: () => number = Date.now,
  ) {
    this.name = `syslog ${server.protocol} ${server.host}:${server.port}`;
  }

  async deliver(note: string): Promise<void> {
    try {
      await sendSyslog(this.server, Buffer.from(syslogMessage(note, new Date(this.now())), 'ascii'));
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw new DeliveryError(`The ${this.name} does not take a message (${why}).`);
    }
  }
}

/** The message: its text is one line of JSON in ASCII, from which the note can be had back as it was signed. */
export function syslogMessage(note: string, at: Date): string {
  const checkpoint = parseCheckpoint(note);
  const text = asciiJson({
    portledger: 'checkpoint',
    logId: checkpoint?.logId,
    size: checkpoint?.size,
    root: checkpoint?.root.toString('base64'),
    note,
  });
  return syslogLine({ facility, severity, at, messageId: 'checkpoint', text });
}
