import type { AppConfig, DeviceConfig, GatewayConfig } from './config/app-config.js';
import { medOf, siteOf, whyNotEnabled } from './config/sites.js';
import type { BgpDriver } from './drivers/bgp/bgp.port.js';
import type { EngineParts } from './engine-parts.js';
import type { Alerts } from './ops/alerts.js';
import type { LiveMap } from './projector/live-map.js';
import type { HoldSource } from './reactors/holds.js';
import type { Journal } from './reactors/journal.js';
import type { FinishedMove } from './reactors/move-book.js';
import { MoveGate } from './reactors/move-gate.js';
import type { Fenced } from './reactors/moves.js';
import { holdAll, withheldNewcomers } from './reactors/not-enabled.js';
import type { Amend } from './reactors/sight.js';

/** What moves between the gateways of this engine goes through. */
export function openMoveGate(config: AppConfig, liveMap: LiveMap, alerts: Alerts): MoveGate {
  return new MoveGate({
    liveMap,
    overlaps: config.overlappingMoves,
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
    now: () => performance.now(),
    clock: Date.now,
  });
}

interface Joining {
  readonly gateway: GatewayConfig;
  readonly device: DeviceConfig;
  readonly journal: Journal;
  readonly bgp: BgpDriver | undefined;
  readonly wake: () => void;
}

/** What the sites and the moves between them mean for the reactor of one device. */
export interface Moving {
  readonly bgp: BgpDriver | undefined;
  readonly holdSources: readonly HoldSource[];
  readonly amends: readonly Amend[];
  fenced(): { readonly fenced?: readonly Fenced[] };
}

/** Lets a device take part. Where no other switch announces anything, nothing can move, and nothing is watched. */
export function joinMoves({ config, moves }: EngineParts, joining: Joining): Moving {
  const { gateway, device, journal, bgp, wake } = joining;
  const reason = whyNotEnabled(config).get(gateway.switch);
  const notEnabled = {
    holdSources: reason === undefined ? [] : [holdAll(reason)],
    amends: reason === undefined ? [] : [((desired, actual) => withheldNewcomers(desired, actual, reason)) as Amend],
  };
  const announcing = config.gateways.filter(({ devices }) => devices.some((one) => one.bgp !== undefined));
  if (bgp === undefined || announcing.length < 2) return { bgp, ...notEnabled, fenced: () => ({}) };
  const member = {
    device: device.name,
    switch: gateway.switch,
    site: gateway.site,
    mode: device.mode,
    med: medOf(config, gateway, device),
    holdTimeMs: siteOf(config, gateway.site).holdTimeSeconds * 1000,
    remembered: () => journal.toldLast(),
    journal: (move: FinishedMove) => journal.moved(move),
    wake,
  };
  const membership = moves.join(member, bgp);
  return {
    bgp: membership.bgp,
    holdSources: [...notEnabled.holdSources, membership.holds],
    amends: [...notEnabled.amends, (desired, actual) => membership.amend(desired, actual)],
    fenced: () => {
      const fenced = moves.fencedOf(device.name);
      return fenced.length === 0 ? {} : { fenced };
    },
  };
}
