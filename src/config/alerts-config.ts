import { isIP } from 'node:net';
import { isMailboxList, MailServerConfig, mailboxList } from './mail-server-config.js';
import { didYouMean } from './nearest.js';
import { Expect, Nested, NestedList, Optional } from './shape.js';
import { siteName } from './site-config.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const listOf =
  (check: (value: unknown) => boolean, least = 0) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length >= least && value.every(check);

/** What a destination can be told. */
export const alertChoices = [
  'new',
  'reopened',
  'acknowledged',
  'resolved',
  'false-positive',
  'exonerated',
  'mute-ended',
  'engine-alert',
  'enrolment-choice',
] as const;
export type AlertChoice = (typeof alertChoices)[number];

/** What a destination is told that does not say. */
export const usualChoices: readonly AlertChoice[] = [
  'new',
  'reopened',
  'exonerated',
  'mute-ended',
  'engine-alert',
  'enrolment-choice',
];

export const severities = ['low', 'medium', 'high', 'critical'] as const;

/** Where alerts are posted as Standard Webhooks. */
export class AlertWebhookConfig {
  @Expect('an https URL without user and password, or an http one in a network under allow', isPostUrl)
  url!: string;
  /** Each holds `whsec_` and a secret in base64; two while one takes the place of the other. */
  @Expect('a list of one or two paths of files', (value) => listOf(text, 1)(value) && (value as unknown[]).length <= 2)
  secretFiles!: string[];
  /** Internal networks that it may be in; without them only public addresses are posted to. */
  @Expect('a list of addresses and networks, such as ["10.20.0.0/16", "fd00::7"]', listOf(isNetwork))
  allow: string[] = [];
  /** PEM of the authorities its certificate is signed by, in place of the system's. */
  @Optional()
  @Expect('the path of a file', text)
  caFile?: string;
}

/** A collector of syslog messages (RFC 5424). */
export class AlertSyslogConfig {
  @Expect('a host name or address', text)
  host!: string;
  @Expect('a port number from 1 to 65535', wholeNumber(1, 65_535))
  port = 514;
  /** UDP tells nobody whether a message arrived. */
  @Expect('udp, tcp or tls', (value) => value === 'udp' || value === 'tcp' || value === 'tls')
  protocol: 'udp' | 'tcp' | 'tls' = 'tcp';
  @Expect('ecs or cef', (value) => value === 'ecs' || value === 'cef')
  format: 'ecs' | 'cef' = 'ecs';
  /** For tls: by this or by `certificateFingerprint` the collector is known. */
  @Optional()
  @Expect('the path of a file', text)
  caFile?: string;
  @Optional()
  @Expect('the SHA-256 of a certificate: 64 hexadecimal digits, colons allowed', isFingerprint)
  certificateFingerprint?: string;
}

/** Alerts by mail. */
export class AlertMailConfig extends MailServerConfig {
  @Expect(mailboxList, isMailboxList)
  to!: string[];
  /** All that is to be told within this time goes into one mail. */
  @Expect('a whole number of seconds from 1 to 86400', wholeNumber(1, 86_400))
  digestSeconds = 300;
}

/** Where alerts go, and which of them. */
export class AlertDestinationConfig {
  /** Its own for ever: what was sent there is in the log under this name. */
  @Expect('a name: lower-case letters, digits and hyphens, at most 40', isName)
  name!: string;
  @Optional()
  @Nested(AlertWebhookConfig)
  webhook?: AlertWebhookConfig;
  @Optional()
  @Nested(AlertSyslogConfig)
  syslog?: AlertSyslogConfig;
  @Optional()
  @Nested(AlertMailConfig)
  mail?: AlertMailConfig;
  /** Violations of this severity and above. */
  @Expect(`one of ${severities.join(', ')}`, (value) => severities.some((one) => one === value))
  severity: (typeof severities)[number] = 'low';
  /** Only violations of these rules; empty for all. */
  @Expect('a list of names of rules', listOf(text))
  rules: string[] = [];
  /** Only violations at these sites; empty for all. */
  @Expect('a list of site names', listOf(siteName))
  sites: string[] = [];
  /** What it is told; for `billing` nothing but requests of containment unless said here. */
  @Optional()
  @Expect('a list of texts', listOf(text))
  kinds?: string[];
  /** It is told only violations that nobody acknowledged within so many minutes, each once. */
  @Optional()
  @Expect('a whole number of minutes from 1 to 10080', wholeNumber(1, 10_080))
  unacknowledgedMinutes?: number;
  /** It is told when somebody asks billing to suspend a server. */
  @Expect('true or false', (value) => typeof value === 'boolean')
  billing = false;
  /** Above this what waits goes into one message with a count. Default 20, for syslog 600; a mail has digestSeconds. */
  @Optional()
  @Expect('a whole number from 1 to 6000', wholeNumber(1, 6_000))
  messagesPerMinute?: number;
}

/** Who is told what needs a person. */
export class AlertsConfig {
  /** Where people reach this engine and its console: links in alerts start with it. */
  @Optional()
  @Expect('an http or https URL', (value) => typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value))
  url?: string;
  @NestedList(AlertDestinationConfig)
  destinations: AlertDestinationConfig[] = [];
}

/** What it is told: as it says, else the usual; requests of containment are not chosen here. */
export function choicesOf({ kinds, billing }: AlertDestinationConfig): readonly AlertChoice[] {
  if (kinds === undefined) return billing ? [] : usualChoices;
  return alertChoices.filter((choice) => kinds.includes(choice));
}

/** Suggests the known word that a mistyped one was meant to be. */
export function unknownChoice(kind: string): string | undefined {
  if (alertChoices.some((choice) => choice === kind)) return undefined;
  return `one of ${alertChoices.join(', ')}.${didYouMean(kind, alertChoices)}`;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,39}$/.test(value);
}

function isNetwork(value: unknown): boolean {
  return typeof value === 'string' && (isIP(value) > 0 || isPrefix(value));
}

/** Any network but the whole of a family. */
function isPrefix(value: string): boolean {
  const [network = '', bits = '', more] = value.split('/');
  const longest = isIP(network) === 4 ? 32 : 128;
  return isIP(network) > 0 && more === undefined && /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest;
}

function isPostUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

function isFingerprint(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-fA-F]{64}$/.test(value.replaceAll(':', ''));
}
