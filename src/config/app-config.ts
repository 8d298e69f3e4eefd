import { isIP } from 'node:net';
import { AddressesConfig } from './addresses-config.js';
import { LimitsConfig, MetricsConfig, OidcConfig, SessionsConfig } from './auth-config.js';
import { AlertsConfig } from './alerts-config.js';
import { AllocationConfig } from './allocation-config.js';
import { BrakesConfig } from './brakes-config.js';
import { CheckpointsConfig } from './checkpoints-config.js';
import { ComparisonConfig } from './comparison-config.js';
import { ConsoleConfig } from './console-config.js';
import { ProductsConfig } from './products-config.js';
import { parseSourceEmbedding } from './source-embedding.js';
import { Expect, Nested, NestedList, Optional } from './shape.js';
import { GatewayConfig, SensorConfig } from './gateway-config.js';
import { OverlapConfig, SiteConfig } from './site-config.js';
import { HintListenerConfig } from './hints-config.js';
import { ReportConfig } from './report-config.js';
import { FeedConfig } from './feed-config.js';
import { CoverageConfig, EvidenceConfig } from './sensing-config.js';

export {
  BgpConfig,
  CapacityConfig,
  DeviceConfig,
  DriverConfig,
  GatewayConfig,
  SelfTestConfig,
  SensorConfig,
} from './gateway-config.js';
export {
  type AlertChoice,
  AlertDestinationConfig,
  AlertMailConfig,
  AlertsConfig,
  AlertSyslogConfig,
  AlertWebhookConfig,
} from './alerts-config.js';
export { AddressesConfig } from './addresses-config.js';
export { type Aggregate, OverlapConfig, parseAggregate, SiteConfig } from './site-config.js';
export { isLoopbackName, LimitsConfig, MetricsConfig, OidcConfig, SessionsConfig } from './auth-config.js';
export { CheckpointsConfig, SyslogConfig, WebhookConfig } from './checkpoints-config.js';
export { ComparisonConfig } from './comparison-config.js';
export { ConsoleConfig } from './console-config.js';
export { FeedConfig } from './feed-config.js';
export { HintListenerConfig } from './hints-config.js';
export { CoverageConfig, EvidenceConfig } from './sensing-config.js';
export { MailServerConfig } from './mail-server-config.js';
export { DayReportConfig, ReportConfig } from './report-config.js';
export { ConfigError, loadConfig } from './load-config.js';

const path = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

function isNetworkList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one: unknown) => typeof one === 'string' && isNetwork(one));
}

function isNetwork(text: string): boolean {
  const [address = '', length = '0', ...rest] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && rest.length === 0 && /^[0-9]{1,3}$/.test(length) && Number(length) <= most;
}

const namespace = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Where the HTTP server listens. */
export class ListenConfig {
  @Expect('a host name or address', path)
  host = '127.0.0.1';
  /** 0 takes any free port. */
  @Expect('a port number from 0 to 65535', wholeNumber(0, 65_535))
  port = 8080;
  /** Proxies whose word counts for who calls and by which host name (`X-Forwarded-For`, `-Host`); from others it is ignored. */
  @Expect('a list of addresses or networks, such as ["127.0.0.1", "2001:db8::/64"]', isNetworkList)
  trustedProxies: readonly string[] = [];
}

/** The configuration of one engine. Paths are absolute once loaded; relative ones start at the file's own directory. */
export class AppConfig {
  @Expect('the path of a directory', path)
  dataDir = './data';
  /** Where the log is: `embedded` (in `dataDir`), or the connection string of an EventStoreDB or KurrentDB server. */
  @Expect('"embedded", or a connection string esdb://... or esdb+discover://...', path)
  eventStore = 'embedded';
  /** JSON `{"username": ..., "password": ...}` for that server. */
  @Optional()
  @Expect('the path of a file', path)
  eventStoreCredentialsFile?: string;
  /** Sets the streams of this log apart from others on the same server. */
  @Expect(
    'lower-case letters, digits and hyphens, at most 63',
    (value) => typeof value === 'string' && namespace.test(value),
  )
  eventStoreNamespace = 'portledger';
  /** A heartbeat is stored on that server this often, and must come back through the subscription within two periods. */
  @Expect('a whole number of milliseconds from 100 to 60000', wholeNumber(100, 60_000))
  eventStoreHeartbeatMs = 5000;
  /** How long one call to that server may go without an answer before it is tried again. */
  @Expect('a whole number of milliseconds from 100 to 60000', wholeNumber(100, 60_000))
  eventStoreDeadlineMs = 5000;
  @Nested(ListenConfig)
  listen = new ListenConfig();
  @Expect('the path of a file', path)
  tokensFile = './data/tokens.json';
  /** Local users who sign in with a password; `portledger user add` makes it. */
  @Expect('the path of a file', path)
  usersFile = './data/users.json';
  @Nested(SessionsConfig)
  sessions = new SessionsConfig();
  @Optional()
  @Nested(OidcConfig)
  oidc?: OidcConfig;
  @Nested(MetricsConfig)
  metrics = new MetricsConfig();
  @Nested(LimitsConfig)
  limits = new LimitsConfig();
  /** Every device is read anew and compared with the map this often. */
  @Expect('a whole number of seconds from 1 to 86400', wholeNumber(1, 86_400))
  resyncSeconds = 30;
  /** How long a finding waits for an event of billing that may be under way. */
  @Expect('a whole number of milliseconds from 0 to 600000', wholeNumber(0, 600_000))
  inFlightWindowMs = 5000;
  /** Link ups stored per port and minute; further ups wait, downs never do. */
  @Expect('a whole number from 1 to 10000', wholeNumber(1, 10_000))
  linkUpsPerMinute = 20;
  /** A snapshot of the map is written into `dataDir` after this many events, and at a clean stop; 0 writes and reads none. */
  @Expect('a whole number from 0 to 1000000000', wholeNumber(0, 1_000_000_000))
  snapshotEveryEvents = 100_000;
  /** What is said of the sites that gateways name; a site that is not here has the defaults. */
  @NestedList(SiteConfig)
  sites: SiteConfig[] = [];
  /** Between which sites servers move with the new gateway announcing first. */
  @NestedList(OverlapConfig)
  overlappingMoves: OverlapConfig[] = [];
  @Nested(AddressesConfig)
  addresses = new AddressesConfig();
  @NestedList(GatewayConfig)
  gateways: GatewayConfig[] = [];
  @NestedList(SensorConfig)
  sensors: SensorConfig[] = [];
  @Nested(CoverageConfig)
  coverage = new CoverageConfig();
  @Nested(EvidenceConfig)
  evidence = new EvidenceConfig();
  @Nested(FeedConfig)
  feed = new FeedConfig();
  @Nested(ConsoleConfig)
  console = new ConsoleConfig();
  /** Where syslog and traps of the devices are heard; `senders` of a device says which are its own. */
  @NestedList(HintListenerConfig)
  hints: HintListenerConfig[] = [];
  @Nested(BrakesConfig)
  brakes = new BrakesConfig();
  @Nested(AlertsConfig)
  alerts = new AlertsConfig();
  @Nested(AllocationConfig)
  allocation = new AllocationConfig();
  @Nested(ProductsConfig)
  products = new ProductsConfig();
  @Nested(ReportConfig)
  report = new ReportConfig();
  @Optional()
  @Nested(CheckpointsConfig)
  checkpoints?: CheckpointsConfig;
  /** Without it billing's truth is compared only when somebody calls `portledger import --compare`. */
  @Optional()
  @Nested(ComparisonConfig)
  comparison?: ComparisonConfig;
  /** Of proxies and translators: what the audit reads out of an address, `audit who-had` and `audit explain` answer as well. */
  @Expect(
    'a list of prefixes of 80 or 96 bits without host bits, such as ["2001:db8:64::/80", "64:ff9b::/96"]',
    (value) => Array.isArray(value) && value.every((one) => parseSourceEmbedding(one) !== undefined),
  )
  sourceEmbedding: string[] = [];
}
