import { Expect, Optional } from './shape.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
const mailbox = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** One address alone, without a name, white space or anything else that could begin another header. */
export const isMailbox = (value: unknown): boolean => typeof value === 'string' && mailbox.test(value);

export const mailboxList = 'a list of at least one mail address';
export const isMailboxList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isMailbox);

/** A server that takes mail. */
export class MailServerConfig {
  @Expect('a host name or address', text)
  host!: string;
  @Expect(
    'a port number from 1 to 65535',
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535,
  )
  port = 587;
  /** `starttls` refuses a server that does not offer it; `none` sends in the clear. */
  @Expect('starttls, tls or none', (value) => value === 'starttls' || value === 'tls' || value === 'none')
  security: 'starttls' | 'tls' | 'none' = 'starttls';
  @Optional()
  @Expect('a user name', text)
  user?: string;
  @Optional()
  @Expect('the path of a file', text)
  passwordFile?: string;
  @Optional()
  @Expect('the path of a file', text)
  caFile?: string;
  @Expect('a mail address', isMailbox)
  from!: string;
}
