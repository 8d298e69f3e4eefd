import { createTransport } from 'nodemailer';

const deadlineMs = 15_000;

/** A server that takes mail (RFC 6409, RFC 5321). */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `starttls` sends nothing before the connection is secured; `tls` is so from the start; `none` is not. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly from: string;
  /** Asked at every try. Throws where the password cannot be read. */
  readonly login?: () => { readonly user: string; readonly pass: string };
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: () => string;
}

export interface Mail {
  /** Before the @ of its Message-ID, the same at every try: a second copy shows as one. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  readonly html?: string;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: string;
  }[];
}

/** For how many recipients the server took a mail, and for how many not. */
export interface MailTaken {
  readonly recipients: number;
  readonly refused: number;
}

/** Sends one mail: one try, within deadlines. Rejects where the server took it for nobody; `mailTrouble` says why in words. */
export async function sendMail(server: MailServer, mail: Mail): Promise<MailTaken> {
  const { id, to, subject, text, html, attachments = [] } = mail;
  const domain = server.from.slice(server.from.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '');
  const transport = transportOf(server);
  try {
    const sent = (await transport.sendMail({
      from: server.from,
      to: [...to],
      subject,
      text,
      ...(html === undefined ? {} : { html }),
      attachments: attachments.map((one) => ({ ...one })),
      messageId: `<${id}@${domain}>`,
      headers: { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' },
      disableFileAccess: true,
      disableUrlAccess: true,
    })) as { readonly rejected: readonly unknown[] };
    const refused = sent.rejected.length;
    return { recipients: to.length - refused, refused };
  } finally {
    transport.close();
  }
}

function transportOf({ host, port, security, login, ca }: MailServer): ReturnType<typeof createTransport> {
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

/** Why a mail was not taken. What a server answers may be anything, and may repeat what it was told: its code has to do. */
export function mailTrouble(error: unknown): string {
  const { code, responseCode, name, message } = error as Error & { code?: string; responseCode?: number };
  if (responseCode !== undefined) return `it answered ${responseCode} (${code ?? 'refused'})`;
  if (code !== undefined) return `it cannot be reached or not securely (${code})`;
  return name === 'SecretFileError' ? message : `no mail could be sent (${name})`;
}
