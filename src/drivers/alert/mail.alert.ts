import { createTransport } from 'nodemailer';
import type { AlertDriver, AlertMessage, AlertOutcome } from './alert.port.js';
import { mailText } from './mail-text.js';

const deadlineMs = 15_000;

export interface MailOptions {
  readonly host: string;
  readonly port: number;
  /** `starttls` sends nothing before the connection is secured; `tls` is so from the start; `none` is not. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly from: string;
  readonly to: readonly string[];
  /** Asked at every try. Throws where the password cannot be read. */
  readonly login?: () => { readonly user: string; readonly pass: string };
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: () => string;
}

/** Sends one mail for all that is to be told; its Message-ID is that of the message, so that a second copy shows as one. */
export class MailAlert implements AlertDriver {
  readonly place: string;

  constructor(private readonly options: MailOptions) {
    this.place = `mail ${options.host}:${options.port}`;
  }

  async deliver(message: AlertMessage): Promise<AlertOutcome> {
    const { from, to } = this.options;
    const { subject, text } = mailText(message);
    const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '');
    try {
      const transport = this.transport();
      await transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        messageId: `<${message.id}@${domain}>`,
        headers: { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      transport.close();
      return { outcome: 'delivered' };
    } catch (error) {
      return { outcome: 'refused', reason: inWords(error) };
    }
  }

  private transport(): ReturnType<typeof createTransport> {
    const { host, port, security, login, ca } = this.options;
    return createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      connectionTimeout: deadlineMs,
      greetingTimeout: deadlineMs,
      socketTimeout: deadlineMs,
      dnsTimeout: deadlineMs,
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca: ca() }) },
      ...(login === undefined ? {} : { auth: login() }),
    });
  }
}

/** What a server answers may be anything, and may repeat what it was told: its code has to do. */
function inWords(error: unknown): string {
  const { code, responseCode, name, message } = error as Error & { code?: string; responseCode?: number };
  if (responseCode !== undefined) return `it answered ${responseCode} (${code ?? 'refused'})`;
  if (code !== undefined) return `it cannot be reached or not securely (${code})`;
  return name === 'SecretFileError' ? message : `no mail could be sent (${name})`;
}
