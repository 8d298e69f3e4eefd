import type { SMTPServerOptions } from 'smtp-server';
import { MailAlert, type MailOptions } from '../../../src/drivers/alert/mail.alert.js';
import {
  mailCertificate,
  mailServer as newServer,
  type MailServer,
  type TakenMail,
} from '../../support/mail-server.js';
import { selfSigned } from '../../support/self-signed.js';
import { messageOf } from './sample-alerts.js';

const servers: MailServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function mailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const server = await newServer(options);
  servers.push(server);
  return server;
}

const alertTo = (port: number, more: Partial<MailOptions> = {}): MailAlert =>
  new MailAlert({
    ...{ host: '127.0.0.1', port, security: 'starttls', from: 'portledger@example.net' },
    ...{ to: ['soc@example.net', 'night@example.net'], ca: () => mailCertificate },
    ...more,
  });

describe('an alert by mail', () => {
  it('is one mail in plain text, over a secured connection, read by a library that knows mail', async () => {
    const { port, taken } = await mailServer();
    expect(await alertTo(port).deliver(messageOf())).toEqual({ outcome: 'delivered' });
    const [{ mail, isSecure, to } = {} as TakenMail] = taken;
    expect([isSecure, to]).toEqual([true, ['soc@example.net', 'night@example.net']]);
    expect(mail.messageId).toBe(`<${messageOf().id}@example.net>`);
    expect(mail.subject).toMatch(/^\[high\] violation\.new: srv-66 claims 198\.51\.100\.16/);
    expect(mail.html).toBe(false);
    expect(mail.text).toContain('port leaf1:Ethernet66 (interface), VLAN 66');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('tells of many in one, the first at length and the others by their number', async () => {
    const { port, taken } = await mailServer();
    await alertTo(port).deliver(messageOf(250));
    expect(taken).toHaveLength(1);
    expect(taken[0]?.mail.subject).toBe('[high] 250 alerts of portledger');
    expect(taken[0]?.mail.text).toContain('150 more are not shown here');
  });

  it('turns no text of a violation into a header, a recipient or a second line of the subject', async () => {
    const { port, taken } = await mailServer();
    const text = 'a\r\nBcc: all@example.net\r\n\r\n<script>\u202e';
    await alertTo(port).deliver(messageOf(1, { text }));
    expect(taken[0]?.to).toHaveLength(2);
    expect(taken[0]?.mail.subject).toBe('[high] violation.new: a Bcc: all@example.net <script>');
    expect(taken[0]?.mail.bcc).toBeUndefined();
  });

  it('is not sent where the server offers no STARTTLS, unless told so', async () => {
    const { port, taken } = await mailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await alertTo(port).deliver(messageOf())).toMatchObject({ outcome: 'refused' });
    expect(taken).toEqual([]);
    expect(await alertTo(port, { security: 'none' }).deliver(messageOf())).toEqual({ outcome: 'delivered' });
    expect(taken.map(({ isSecure }) => isSecure)).toEqual([false]);
  });

  it('is not sent to who shows another certificate, and no password either', async () => {
    const tried: unknown[] = [];
    const onAuth: SMTPServerOptions['onAuth'] = (auth, _session, done) => (
      tried.push(auth.password),
      done(null, { user: 'x' })
    );
    const { port, taken } = await mailServer({ onAuth });
    const login = () => ({ user: 'portledger', pass: 'canary' });
    const other = selfSigned('mail.example').certificate;
    expect(await alertTo(port, { login, ca: () => other }).deliver(messageOf())).toMatchObject({ outcome: 'refused' });
    expect([taken, tried]).toEqual([[], []]);
    expect(await alertTo(port, { login }).deliver(messageOf())).toEqual({ outcome: 'delivered' });
    expect(tried).toEqual(['canary']);
  });

  it('that is refused says by which code, and nothing that the server wrote', async () => {
    const refuse = Object.assign(new Error('canary of the server'), { responseCode: 451 });
    const { port } = await mailServer({ onMailFrom: (_address, _session, done) => done(refuse) });
    const outcome = await alertTo(port).deliver(messageOf());
    expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('451') as string });
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });
});
