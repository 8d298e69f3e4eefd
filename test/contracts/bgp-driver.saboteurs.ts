import type { BgpDriver, BgpState, Route } from '../../src/drivers/bgp/bgp.port.js';
import { routeKey } from '../../src/drivers/bgp/bgp.port.js';
import { DeviceError, type DeviceStamp } from '../../src/drivers/switch/switch.port.js';

/** A driver that passes everything on to an honest one, but for what a saboteur changes. */
class PassingOn implements BgpDriver {
  constructor(protected readonly honest: BgpDriver) {}

  get device(): string {
    return this.honest.device;
  }

  read(): Promise<BgpState> {
    return this.honest.read();
  }

  setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    return this.honest.setRoutes(routes, stamp);
  }

  close(): Promise<void> {
    return this.honest.close();
  }
}

class WritesNothing extends PassingOn {
  override setRoutes(): Promise<void> {
    return Promise.resolve();
  }
}

class SkipsWithdrawals extends PassingOn {
  override async setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    const keys = new Set(routes.map(routeKey));
    const kept = (await this.honest.read()).owned.filter((route) => !keys.has(routeKey(route)));
    return this.honest.setRoutes([...routes, ...kept], stamp);
  }
}

/** Answers reads with what it was told last. */
class AnswersFromMemory extends PassingOn {
  private told: readonly Route[] | undefined;

  override async read(): Promise<BgpState> {
    const seen = await this.honest.read();
    if (this.told === undefined) return seen;
    return { ...seen, owned: this.told, inTable: new Set(this.told.map(routeKey)) };
  }

  override async setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    await this.honest.setRoutes(routes, stamp);
    this.told = routes;
  }
}

class LosesTheLast extends PassingOn {
  override setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    return this.honest.setRoutes(routes.length > 1 ? routes.slice(0, -1) : routes, stamp);
  }
}

class IgnoresMed extends PassingOn {
  override setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    const isGood = (med: number): boolean => med >= 0 && med <= 0xffffffff;
    const flat = routes.map((route) => ({ ...route, med: isGood(route.med) ? 0 : route.med }));
    return this.honest.setRoutes(flat, stamp);
  }
}

class IgnoresCommunities extends PassingOn {
  override setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    return this.honest.setRoutes(
      routes.map((route) => ({ ...route, communities: [] })),
      stamp,
    );
  }
}

/** Takes the success word for it: whatever reading back shows, it says success. */
class ConfirmsUnverified extends PassingOn {
  override setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    return this.honest.setRoutes(routes, stamp).catch((error: unknown) => {
      if (!(error instanceof DeviceError) || !error.message.includes('says that it took')) throw error;
    });
  }
}

class SwallowsRefusals extends PassingOn {
  override setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    return this.honest.setRoutes(routes, stamp).catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
    });
  }
}

/** Never looks whether the route is really in the daemon's table. */
class CallsAllAnnounced extends PassingOn {
  override async read(): Promise<BgpState> {
    const state = await this.honest.read();
    return { ...state, inTable: new Set(state.owned.map(routeKey)) };
  }
}

class ForgetsTheStamp extends PassingOn {
  override setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    return this.honest.setRoutes(routes, { ...stamp, ordinal: 0 });
  }
}

export type BgpSaboteur = (honest: BgpDriver) => BgpDriver;

/** Drivers that break one promise each; the contract must catch every one. */
export const bgpSaboteurs: Readonly<Record<string, BgpSaboteur>> = {
  'says success and writes nothing': (honest) => new WritesNothing(honest),
  'skips withdrawals': (honest) => new SkipsWithdrawals(honest),
  'answers from its memory': (honest) => new AnswersFromMemory(honest),
  'loses the last route': (honest) => new LosesTheLast(honest),
  'ignores the MED': (honest) => new IgnoresMed(honest),
  'ignores communities': (honest) => new IgnoresCommunities(honest),
  'swallows refusals': (honest) => new SwallowsRefusals(honest),
  'calls announced what is only configured': (honest) => new CallsAllAnnounced(honest),
  'forgets the stamp': (honest) => new ForgetsTheStamp(honest),
};

/** Only a daemon that can lie tells this one from an honest driver. */
export const confirmsUnverified: BgpSaboteur = (honest) => new ConfirmsUnverified(honest);
