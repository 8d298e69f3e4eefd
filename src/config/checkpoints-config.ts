import { Expect, Nested, Optional } from './shape.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** A collector of syslog messages (RFC 5424). */
export class SyslogConfig {
  @Expect('a host name or address', text)
  host!: string;
  @Expect('a port number from 1 to 65535', wholeNumber(1, 65_535))
  port = 514;
  /** UDP tells nobody whether a message arrived. */
  @Expect('udp or tcp', (value) => value === 'udp' || value === 'tcp')
  protocol: 'udp' | 'tcp' = 'tcp';
}

/** An address that is posted to. */
export class WebhookConfig {
  @Expect('an https URL without user and password, or an http one on loopback', isWebhookUrl)
  url!: string;
  /** Holds `whsec_` and the secret in base64 (Standard Webhooks); without it requests are not signed. */
  @Optional()
  @Expect('the path of a file', text)
  secretFile?: string;
}

function isWebhookUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

/** Signed checkpoints of the log, and where they go. */
export class CheckpointsConfig {
  /** The signing key that `portledger audit key new` made; never the key itself. */
  @Expect('the path of a file', text)
  keyFile!: string;
  /** A checkpoint is signed after so many events ... */
  @Expect('a whole number from 1 to 1000000', wholeNumber(1, 1_000_000))
  everyEvents = 1000;
  /** ... or after so much time, if there is any new event. */
  @Expect('a whole number of seconds from 1 to 86400', wholeNumber(1, 86_400))
  everySeconds = 60;
  @Optional()
  @Expect('the path of a file', text)
  file?: string;
  @Optional()
  @Nested(SyslogConfig)
  syslog?: SyslogConfig;
  @Optional()
  @Nested(WebhookConfig)
  webhook?: WebhookConfig;
}
