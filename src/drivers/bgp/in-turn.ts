import type { BgpPreflight } from '../switch/preflight.port.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type { BgpDriver, BgpState, Route } from './bgp.port.js';
import { wholeRoute } from './bird-half.js';

/** The daemons of one site take turns: at most one is changed at a time, until it was read back. */
export class SiteTurn {
  private busy: string | undefined;
  private readonly waiting: (() => void)[] = [];

  /** The daemon that has the turn. */
  get holder(): string | undefined {
    return this.busy;
  }

  /** True when the turn came within `patienceMs`; whoever got it must give it back. */
  async take(device: string, patienceMs: number): Promise<boolean> {
    const give = performance.now() + patienceMs;
    while (this.busy !== undefined) {
      const left = give - performance.now();
      if (left <= 0) return false;
      await this.changed(left);
    }
    this.busy = device;
    return true;
  }

  giveBack(): void {
    this.busy = undefined;
    for (const wake of this.waiting.splice(0)) wake();
  }

  private changed(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.waiting.push(() => (clearTimeout(timer), resolve()));
    });
  }
}

/** How long, in ms, a change waits for the other daemons of its site; a mere withdrawal waits for no other device for long. */
const patienceMs = 15_000;
const withdrawalPatienceMs = 1_000;

interface Wish {
  readonly routes: readonly Route[];
  readonly stamp: DeviceStamp;
}

/**
 * A driver whose daemon is changed only in its turn. What is wanted while a change is under way is carried out in one:
 * the latest wish replaces the older ones, and all who asked hear what became of it.
 */
export function inTurn(driver: BgpDriver, turn: SiteTurn): BgpDriver {
  return new InTurn(driver, turn);
}

class InTurn implements BgpDriver {
  private running: Promise<void> | undefined;
  private next: { wish: Wish; readonly done: Promise<void> } | undefined;
  /** What the daemon was last confirmed with by us. */
  private confirmed: ReadonlySet<string> | undefined;

  constructor(
    private readonly driver: BgpDriver,
    private readonly turn: SiteTurn,
  ) {}

  get device(): string {
    return this.driver.device;
  }

  read(): Promise<BgpState> {
    return this.driver.read();
  }

  async preflight(interfaces: readonly string[]): Promise<BgpPreflight> {
    const nothing = { checkLink: [], advertisedOnLink: new Map() };
    return (await this.driver.preflight?.(interfaces)) ?? nothing;
  }

  setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    const wish = { routes, stamp };
    if (this.next !== undefined) {
      this.next.wish = wish;
      return this.next.done;
    }
    if (this.running === undefined) return (this.running = this.run(wish));
    const done = this.running.then(
      () => this.runNext(),
      () => this.runNext(),
    );
    this.next = { wish, done };
    return done;
  }

  close(): Promise<void> {
    return this.driver.close();
  }

  private runNext(): Promise<void> {
    const wish = this.next?.wish;
    this.next = undefined;
    return wish === undefined ? Promise.resolve() : (this.running = this.run(wish));
  }

  private async run({ routes, stamp }: Wish): Promise<void> {
    const lines = new Set(routes.map(wholeRoute));
    const { confirmed } = this;
    const onlyWithdraws = confirmed !== undefined && [...lines].every((line) => confirmed.has(line));
    const isOurs = await this.turn.take(this.device, onlyWithdraws ? withdrawalPatienceMs : patienceMs);
    let mayGo = isOurs;
    const giveBack = (): void => {
      if (mayGo) this.turn.giveBack();
      mayGo = false;
    };
    try {
      if (!isOurs && !onlyWithdraws) {
        const message = `${this.turn.holder ?? 'another daemon'} of the same site is being changed for more than ${patienceMs} ms; never both at once, it is tried again`;
        throw new DeviceError(this.device, 'timeout', message);
      }
      await this.driver.setRoutes(routes, stamp, giveBack);
      this.confirmed = lines;
    } catch (error) {
      this.confirmed = undefined;
      throw error;
    } finally {
      giveBack();
      if (this.next === undefined) this.running = undefined;
    }
  }
}
