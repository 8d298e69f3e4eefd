// An engine with a sensor on four ports, and readers who look at it through the console.
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { UserRole } from '../../src/auth/principal.js';
import { Browser as BrowserOfApi } from '../auth/browser.js';
import { password, putUser } from '../auth/local-user.js';
import { RunningEngine, type Wanted } from '../e2e/running-engine.js';
import { ViolationLog } from '../feed/violation-log.js';
import { rack } from '../projections/rules/rack.js';
import { arp, ethernet } from '../sensor/capture/frames.js';
import { Captures, sensorOn, startSensing } from '../sensor/coverage/sensing-engine.js';
import { tell, until } from '../sensor/judge/sensor-rig.js';
import { launchChromium } from './chromium.js';

const sensors = [11, 16, 66].map((number) => sensorOn(number));

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

export class ConsoleRig {
  readonly captures = new Captures();
  private readonly complaints = new Map<Page, Complaints>();
  private numbers = 0;

  private constructor(
    readonly engine: RunningEngine,
    readonly browser: Browser,
  ) {}

  /** With the rack's three servers sold, unless told otherwise. */
  static async start({ isSold = true, settings = {} as Wanted['settings'] } = {}): Promise<ConsoleRig> {
    const captures = new Captures();
    const [engine, browser] = await Promise.all([startSensing(captures, { sensors, ...settings }), launchChromium()]);
    const rig = new ConsoleRig(engine, browser);
    Object.assign(rig, { captures });
    if (isSold) await tell(engine.parts.store, rack);
    await until('every sensor hears', () => captures.running === sensors.length);
    await rig.untilLive();
    return rig;
  }

  /** srv-66 answers for an address that is not its own, in a frame on its own port. @param lastByte of 198.51.100.x, hex */
  forge(lastByte: string, sensor = 'leaf1-e66'): void {
    const evil = '525400000066';
    const claim = arp(2, evil, `c63364${lastByte}`, '001c73000099', 'c6336401');
    this.captures.send(sensor, ethernet(0x0806, claim, { from: evil }));
  }

  /** Stores violations as the sensor would, the last one newest. */
  async store(count: number, more: (number: number) => Record<string, unknown> = () => ({})): Promise<void> {
    const samples = new ViolationLog();
    const appends = Array.from({ length: count }, () => {
      const number = ++this.numbers;
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
    for (let at = 0; at < appends.length; at += 500)
      await this.engine.parts.store.appendMany(appends.slice(at, at + 500));
    await until('the map has them', () => this.rows.size >= this.numbers);
  }

  get rows(): { readonly size: number } {
    return this.engine.parts.projector.liveMap.map.violations;
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
    page.setDefaultTimeout(15_000);
    const complaints: Complaints = { csp: [], errors: [] };
    this.complaints.set(page, complaints);
    page.on('pageerror', (error) => complaints.errors.push(error.message));
    await page.exposeFunction('tellCsp', (text: string) => void complaints.csp.push(text));
    await page.addInitScript(tellReports);
    await this.signIn(page, roles);
    await page.goto(`${this.engine.url}/console/${path}`);
    return page;
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
