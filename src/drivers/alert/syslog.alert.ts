import { asciiJson, sendSyslog, syslogLine, type SyslogServer } from '../../transports/syslog-sender.js';
import type { AlertDriver, AlertMessage, AlertOutcome } from './alert.port.js';
import { cefOf } from './cef.js';
import { ecsOf } from './ecs.js';
import { syslogSeverity } from './severity-number.js';

/** Facility 4: security and authorization messages (RFC 5424 section 6.2.1). */
const facility = 4;

export interface SyslogOptions {
  readonly server: SyslogServer;
  readonly format: 'ecs' | 'cef';
  /** Ms since 1970. */
  readonly now?: () => number;
}

/** Sends each alert as one message of RFC 5424, its text a document of ECS in JSON or a line of CEF, both in ASCII. */
export class SyslogAlert implements AlertDriver {
  readonly place: string;

  constructor(private readonly options: SyslogOptions) {
    const { protocol, host, port } = options.server;
    this.place = `syslog ${protocol} ${host}:${port}`;
  }

  async deliver(message: AlertMessage): Promise<AlertOutcome> {
    const { server, format, now = Date.now } = this.options;
    const [first] = message.items;
    const line = syslogLine({
      facility,
      severity: syslogSeverity(first),
      at: new Date(now()),
      messageId: first.kind,
      text: format === 'cef' ? cefOf(message) : asciiJson(ecsOf(message)),
    });
    try {
      await sendSyslog(server, Buffer.from(line, 'ascii'));
      return { outcome: 'delivered' };
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      return { outcome: 'refused', reason: `it does not take a message (${why})` };
    }
  }
}
