import { type MailServer, mailTrouble, sendMail } from '../../transports/mail-sender.js';
import type { AlertDriver, AlertMessage, AlertOutcome } from './alert.port.js';
import { mailText } from './mail-text.js';

export interface MailOptions extends MailServer {
  readonly to: readonly string[];
}

/** Sends one mail for all that is to be told; its Message-ID is that of the message, so that a second copy shows as one. */
export class MailAlert implements AlertDriver {
  readonly place: string;

  constructor(private readonly options: MailOptions) {
    this.place = `mail ${options.host}:${options.port}`;
  }

  async deliver(message: AlertMessage): Promise<AlertOutcome> {
    const { to, ...server } = this.options;
    try {
      await sendMail(server, { id: message.id, to, ...mailText(message) });
      return { outcome: 'delivered' };
    } catch (error) {
      return { outcome: 'refused', reason: mailTrouble(error) };
    }
  }
}
