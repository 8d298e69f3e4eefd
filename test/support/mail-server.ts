import { type AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { selfSigned } from './self-signed.js';

const { key, certificate } = selfSigned('mail.example');
export { certificate as mailCertificate };

export interface TakenMail {
  readonly mail: ParsedMail;
  readonly isSecure: boolean;
  readonly to: readonly string[];
}

export interface MailServer {
  readonly port: number;
  readonly taken: TakenMail[];
  /** How many mails somebody began to send. */
  readonly begun: () => number;
  /** Recipients that are refused; a function that says so. */
  refuse: (recipient: string) => boolean;
  /** Answers the whole of a mail with this code and keeps nothing of it. */
  answer: number | undefined;
  close(): Promise<void>;
}

/** A server that takes mail, on any free port, or one that was free before. */
export async function mailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const taken: TakenMail[] = [];
  let begun = 0;
  const refusal = (code: number): Error => Object.assign(new Error('canary of the server'), { responseCode: code });
  const server = new SMTPServer({
    ...{ key, cert: certificate, authOptional: true, disableReverseLookup: true, logger: false },
    onMailFrom: (_address, _session, done) => (begun++, done()),
    onRcptTo: ({ address }, _session, done) => done(self.refuse(address) ? refusal(550) : undefined),
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          if (self.answer !== undefined) return done(refusal(self.answer));
          taken.push({ mail, isSecure: session.secure, to });
          done();
        },
        (error: unknown) => done(error as Error),
      );
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const self: MailServer = {
    taken,
    port: (server.server.address() as AddressInfo).port,
    begun: () => begun,
    refuse: () => false,
    answer: undefined,
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
  return self;
}
