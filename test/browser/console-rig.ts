// An engine with a sensor on four ports, and readers who look at it through the console.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { UserRole } from '../../src/auth/principal.js';
import { Browser as BrowserOfApi } from '../auth/browser.js';
import { password, putUser } from '../auth/local-user.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { ViolationLog } from '../feed/violation-log.js';
import { rack } from '../projections/rules/rack.js';
import { arp, ethernet } from '../sensor/capture/frames.js';
import type { IpAddress } from '../../events/index.js';
import { ListenConfig } from '../../src/config/app-config.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import { Captures, sensorOn } from '../sensor/coverage/sensing-engine.js';
import { tell, until } from '../sensor/judge/sensor-rig.js';
import { storeFact } from '../support/publish.js';
import { launchChromium } from './chromium.js';

const numbers = [11, 16, 66];
const sensors = numbers.map((number) => sensorOn(number));

/** A switch of this process with the ports of the rack, all links up. @param room how many entries its table holds */
function simulatedLeaf(room: number | undefined) {
  const device = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: Object.fromEntries(numbers.map((number) => [`vlan${number}`, ['fe80::1' as IpAddress]])),
    boxAddresses: ['198.51.100.1' as IpAddress],
    ...(room === undefined ? {} : { room }),
  });
  for (const number of numbers) device.setCarrier(`vlan${number}`, true);
  return { switch: device, bgp: new SimulatedBgp('leaf1', device) };
}

function gatewaysOf(mode: 'observe' | 'propose' | 'enforce', neighbours: number | undefined) {
  const device = {
    name: 'leaf1',
    mode,
    interfacePattern: 'vlan{vlan}',
    ports: Object.fromEntries(numbers.map((number) => [`leaf1:Ethernet${number}`, `vlan${number}`])),
    driver: { kind: 'simulated' },
    bgp: { kind: 'simulated' },
    ...(neighbours === undefined ? {} : { capacity: { neighbours } }),
  };
  return parseConfig({ gateways: [{ switch: 'leaf1', devices: [device] }] }, 'portledger.json').gateways;
}

/** Runs in the page before anything of it does. */
const tellReports = {
  content: `document.addEventListener('securitypolicyviolation', (event) =>
    tellCsp(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));`,
};

/** How a reader looks. */
export interface Look {
  readonly roles?: readonly UserRole[];
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly more?: BrowserContextOptions;
}

/** What a page complained of: nothing, where all is well. */
export interface Complaints {
  readonly csp: string[];
  readonly errors: string[];
}

interface RigOptions {
  /** False: nothing is sold. */
  readonly isSold?: boolean;
  /** True: the engine drives no device and has no sensor. */
  readonly isBare?: boolean;
  /** Whether the engine may write to the switch. */
  readonly mode?: 'observe' | 'propose' | 'enforce';
  /** How many neighbour entries the switch really holds, and how many its configuration says; without them, any number. */
  readonly room?: number;
  readonly saidRoom?: number;
}

export class ConsoleRig {
  private readonly complaints = new Map<Page, Complaints>();
  private stored = 0;
  private facts = 0;

  private constructor(
    readonly engine: RunningEngine,
    readonly browser: Browser,
    readonly captures: Captures,
    readonly leaf1: SimulatedSwitch,
    private readonly listen: ListenConfig,
  ) {}

  static async start(options: RigOptions = {}): Promise<ConsoleRig> {
    const { isSold = true, isBare = false, mode = 'enforce', room, saidRoom } = options;
    const captures = new Captures();
    const leaf1 = simulatedLeaf(room);
    const listen = Object.assign(new ListenConfig(), { port: 0 });
    const [engine, browser] = await Promise.all([
      RunningEngine.start(undefined, {
        gateways: isBare ? [] : gatewaysOf(mode, saidRoom),
        hands: { openCapture: captures.open, devices: new Map([['leaf1', leaf1]]) },
        settings: { sensors: isBare ? [] : sensors, listen },
      }),
      launchChromium(),
    ]);
    const rig = new ConsoleRig(engine, browser, captures, leaf1.switch, listen);
    // Its first plan was approved long ago.
    await leaf1.switch.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
    if (isSold) await tell(engine.parts.store, rack);
    await until('every sensor hears', () => captures.running === (isBare ? 0 : sensors.length));
    await rig.untilLive();
    return rig;
  }

  /** Billing says something, now. */
  async publish(type: PublishedType, data: Record<string, unknown>, time = new Date().toISOString()): Promise<void> {
    const event = exampleEvent(type, {
      id: `fact-${++this.facts}`,
      subject: data['serverId'] ?? data['customerId'],
      time,
      data,
    });
    const { status } = await this.engine.publish(event, this.engine.tokens.publisher);
    if (status !== 201) throw new Error(`${type} was answered ${status}`);
  }

  /** An operator plans to move srv-66 out of its /48; gives the id of the renumbering. */
  async renumber(to = '2001:db8:1066::/48', quietSeconds = 1): Promise<string> {
    const wanted = { serverId: 'srv-66', from: '2001:db8:66::/48', to, quietSeconds };
    const { renumberingId } = await this.post('/v1/renumberings', wanted);
    return String(renumberingId);
  }

  /** Pools of each kind, a /48 of each kind for two customers, and an order that waits at another site. */
  async pools(): Promise<void> {
    const pool = async (poolId: string, prefix: string, purpose: string): Promise<void> =>
      void (await storeFact(this.engine.parts.store, 'AddressPoolAdded', { poolId, prefix, site: 'default', purpose }));
    await pool('v4', '203.0.113.0/28', 'ipv4-add-on');
    await pool('nets', '2001:db8:4000::/44', 'customer-prefix');
    await pool('links', '2001:db8:5000::/56', 'server-prefix');
    const order = { customerId: 'cust-7', orderId: 'net-1' };
    await this.publish('CustomerPrefixOrdered', { ...order, site: 'default' });
    await this.publish('CustomerPrefixOrdered', { ...order, orderId: 'net-2', site: 'far', length: 56 });
    await this.publish('CustomerPrefixDelegated', { customerId: 'cust-8', prefix: '2001:db8:4008::/48' });
    await until('the order is served', () => this.engine.parts.allocator.delegations('cust-7')?.length === 1);
  }

  /** Ends the engine; the pages stay open. */
  async stopEngine(): Promise<void> {
    // It has to come back where the pages look for it.
    this.listen.port = Number(new URL(this.engine.url).port);
    await this.engine.stopForNow();
  }

  /** srv-66 answers for an address that is not its own, in a frame on its own port. @param lastByte of 198.51.100.x, hex */
  forge(lastByte: string, sensor = 'leaf1-e66'): void {
    const evil = '525400000066';
    const claim = arp(2, evil, `c63364${lastByte}`, '001c73000099', 'c6336401');
    this.captures.send(sensor, ethernet(0x0806, claim, { from: evil }));
  }

  /** Stores violations as the sensor would, the last one newest; gives their ids. */
  async store(count: number, more: (number: number) => Record<string, unknown> = () => ({})): Promise<string[]> {
    const samples = new ViolationLog();
    const appends = Array.from({ length: count }, () => {
      const number = ++this.stored;
      const id = `v${number}`;
      const time = new Date(Date.now() - 1000 * 60 * 60 + number).toISOString();
      const { type, data, metadata } = samples.detected(id, { frameTime: time, ...more(number) });
      const { source, schemaVersion } = metadata;
      const event = {
        id: randomUUID(),
        type,
        data: data as object,
        metadata: { source, sourceId: id, schemaVersion, time },
      };
      return { stream: `violation-${id}`, expected: 'any' as const, events: [event] };
    });
    const ids = appends.map(({ stream }) => stream.slice('violation-'.length));
    const before = this.stored - count;
    for (let at = 0; at < count; at += 500) {
      const some = appends.slice(at, at + 500);
      await this.engine.parts.store.appendMany(some);
      await until('the map has them', () => this.rows.size >= before + at + some.length);
    }
    return ids;
  }

  /** More frames of a stored violation. */
  async repeat(violationId: string, count: number): Promise<void> {
    const time = new Date().toISOString();
    const data = { violationId, count, firstFrameTime: time, lastFrameTime: time };
    await storeFact(this.engine.parts.store, 'ViolationRepeated', data, time);
  }

  /** Somebody else acts on a violation as it is now, with a token; gives the status. */
  async act(action: string, violationId: string, body: object): Promise<number> {
    const authorization = `Bearer ${this.engine.tokens.every}`;
    const path = `/v1/violations/${violationId}`;
    const { body: seen } = await this.engine.call(path, { headers: { authorization } });
    const headers = { authorization, 'content-type': 'application/json', 'if-match': String(seen['etag']) };
    const answer = await this.engine.call(`${path}/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.status;
  }

  /** Somebody else mutes for an hour; gives the id of the mute. */
  async mute(scope: object): Promise<string> {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const { muteId } = await this.post('/v1/mutes', { scope, reason: 'maintenance', until });
    return String(muteId);
  }

  /** Somebody else ends a mute. */
  async endMute(muteId: string): Promise<void> {
    await this.post(`/v1/mutes/${muteId}/end`, {});
  }

  private async post(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const headers = { authorization: `Bearer ${this.engine.tokens.every}`, 'content-type': 'application/json' };
    const answer = await this.engine.call(path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get rows(): { readonly size: number } {
    return this.engine.parts.projector.liveMap.map.violations;
  }

  /** How many servers are sold now, as the map has it. */
  sold(): number {
    return [...this.engine.parts.projector.liveMap.map.bindings()].filter(({ sold }) => sold).length;
  }

  untilLive(): Promise<void> {
    const { projector, store } = this.engine.parts;
    return until('the map is live', async () => {
      const head = await store.head();
      return projector.liveMap.live && projector.liveMap.ordinal >= (head?.ordinal ?? -1);
    });
  }

  /** A page of a reader of these roles, at an address below `/console/`. */
  async open(path: string, look: Look = {}): Promise<Page> {
    const {
      roles = ['security-analyst', 'viewer', 'auditor'],
      width = 1280,
      height = 800,
      theme = 'light',
      more,
    } = look;
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      timezoneId: 'Asia/Kolkata',
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...more,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const complaints: Complaints = { csp: [], errors: [] };
    this.complaints.set(page, complaints);
    page.on('pageerror', (error) => complaints.errors.push(error.message));
    await page.exposeFunction('tellCsp', (text: string) => void complaints.csp.push(text));
    await page.addInitScript(tellReports);
    if (roles.length > 0) await this.signIn(page, roles);
    await page.goto(`${this.engine.url}/console/${path}`);
    return page;
  }

  /** The same reader opens the console while no engine runs: a browser has the page of the last time. */
  async openStopped(page: Page): Promise<Page> {
    const late = await page.context().newPage();
    late.setDefaultTimeout(90_000);
    await late.route('**/console/**', async (route) => {
      const [, path = ''] = /\/console\/(assets\/.*)?/.exec(route.request().url()) ?? [];
      await route.fulfill({ path: join('dist/console', path === '' ? 'index.html' : path) });
    });
    await late.goto(page.url());
    return late;
  }

  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
  }

  /** What this page complained of so far. */
  complaintsOf(page: Page): Complaints {
    return this.complaints.get(page) ?? { csp: [], errors: [] };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.engine.stop();
  }

  private async signIn(page: Page, roles: readonly UserRole[]): Promise<void> {
    const name = roles.length === 1 ? (roles[0] ?? '') : 'anna';
    await putUser(this.engine.usersFile, name, roles);
    const reader = new BrowserOfApi(this.engine);
    const { status } = await reader.signIn(name, password);
    if (status !== 200) throw new Error(`${name} could not sign in: ${status}`);
    const cookies = [...reader.cookies].map(([cookie, value]) => ({
      name: cookie,
      value,
      url: this.engine.url.replace('http:', 'https:'),
      secure: true,
      httpOnly: true,
      sameSite: 'Strict' as const,
    }));
    await page.context().addCookies(cookies);
  }
}
