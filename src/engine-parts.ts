import { join } from 'node:path';
import { type Access, openAccess } from './access-room.js';
import { openAllocator } from './allocation-room.js';
import { historyDirectory } from './audit/address-history/history-index.js';
import { HistoryKeeper } from './audit/address-history/history-keeper.js';
import { ImagesKeeper } from './audit/map-images/images-keeper.js';
import { imagesDirectory } from './audit/map-images/images-place.js';
import { SealDesk } from './audit/dossier/seal.js';
import type { DayMailer } from './audit/report/mail/day-mailer.js';
import type { TokenRegistry } from './auth/token-registry.js';
import type { AppConfig } from './config/app-config.js';
import { DeviceRegistry } from './control/device-registry.js';
import { readLayouts } from './control/switches/layout-file.js';
import type { RenumberConductor } from './control/renumber/renumber-conductor.js';
import type { SwitchBoard } from './control/switches/switch-board.js';
import type { SimulatedBgp } from './drivers/bgp/simulated.bgp.js';
import type { SimulatedSwitch } from './drivers/switch/simulated.switch.js';
import type { EventStore } from './event-store/event-store.port.js';
import { openComparison } from './comparison-room.js';
import { measureAppends } from './engine-metrics.js';
import { openEnroller } from './enrolment-room.js';
import { openMoveGate } from './move-room.js';
import { openStore, type StoreChoice } from './open-store.js';
import { Alerts } from './ops/alerts.js';
import { Metrics } from './ops/metrics.js';
import type { Log } from './ops/log.js';
import { Readiness } from './ops/readiness.js';
import { Projector } from './projector/projector.js';
import { Snapshots } from './projector/snapshots.js';
import { AlertDesk } from './reactors/alert-desk.js';
import type { Allocator } from './reactors/allocator.reactor.js';
import type { Enroller } from './reactors/enroller.reactor.js';
import { ViolationIndex } from './feed/violation-index.js';
import type { ComparisonWatch } from './intake/comparison/comparison-watch.js';
import type { MoveGate } from './reactors/move-gate.js';
import { SensorDesk } from './sensor/coverage/sensor-desk.js';
import { RemoteSensors } from './sensor/remote/remote-sensors.js';
import type { HeardMessages } from './sensor/messages/heard-messages.js';
import type { OpenCapture } from './sensor/sensor.service.js';
import { openConductor } from './renumber-room.js';
import { openDayMailer } from './report-room.js';
import { openSwitches } from './switch-room.js';
import { openMessages } from './table-room.js';

/** What the caller of an engine brings along to keep hands on a world that exists in this process only. */
export interface Hands {
  /** Devices of kind `simulated`, by name; the engine makes those that are not given. */
  readonly devices?: ReadonlyMap<string, { readonly switch: SimulatedSwitch; readonly bgp: SimulatedBgp }>;
  /** Hears frames in place of a capture on the wire. */
  readonly openCapture?: OpenCapture;
}

/** What every room of a running engine may build on. */
export interface EngineParts {
  readonly config: AppConfig;
  readonly log: Log;
  readonly store: EventStore;
  readonly projector: Projector;
  readonly access: Access;
  readonly tokens: TokenRegistry;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly alerts: Alerts;
  /** The destinations that alerts go to. */
  readonly alertDesk: AlertDesk;
  readonly devices: DeviceRegistry;
  readonly moves: MoveGate;
  readonly sensorDesk: SensorDesk;
  readonly remoteSensors: RemoteSensors;
  /** What switches say by syslog: heard by the listeners of hints, told by the sensor. */
  readonly messages: HeardMessages;
  readonly enroller: Enroller;
  /** Of servers on their way from one prefix to another. */
  readonly conductor: RenumberConductor;
  readonly allocator: Allocator;
  readonly violationIndex: ViolationIndex;
  /** By which the audit finds events fast. */
  readonly history: HistoryKeeper;
  /** Of billing's file with the map, where one is configured. */
  readonly comparison: ComparisonWatch | undefined;
  /** Of the day report, where it goes by mail. */
  readonly dayMailer: DayMailer | undefined;
  /** From which the audit makes maps of the past. */
  readonly images: ImagesKeeper;
  /** Who signs dossiers, once the checkpoints have begun. */
  readonly sealDesk: SealDesk;
  /** The ports of every switch, each with its state. */
  readonly switchBoard: SwitchBoard;
  readonly hands: Hands;
}

/** Opens the log of the configuration (making it where it is missing) and lays out the parts. Rejects with a StoreError, or a ConfigError. */
export async function openParts(config: AppConfig, log: Log, hands: Hands = {}): Promise<EngineParts> {
  // Before the log is opened: what is wrong with a file is told before anything is held.
  const layouts = readLayouts(config.console.layouts);
  const store = await openStore(config);
  const metrics = new Metrics();
  measureAppends(store, metrics);
  const alerts = new Alerts(log);
  const access = openAccess(config, log, store);
  const projector = new Projector(store, snapshotsOf(config, log, alerts));
  const devices = new DeviceRegistry();
  const sensorDesk = new SensorDesk();
  const violationIndex = new ViolationIndex(projector.liveMap);
  return {
    config,
    log,
    store,
    projector,
    access,
    tokens: access.tokens,
    readiness: new Readiness(),
    metrics,
    alerts,
    alertDesk: new AlertDesk(),
    devices,
    remoteSensors: new RemoteSensors(config, store, projector.liveMap),
    moves: openMoveGate(config, projector.liveMap, alerts),
    sensorDesk,
    messages: openMessages(config),
    allocator: openAllocator({ config, store, liveMap: projector.liveMap, alerts, log }),
    enroller: openEnroller(store, projector.liveMap, alerts, log),
    conductor: openConductor({ store, liveMap: projector.liveMap, devices, sensorDesk, alerts, log }),
    violationIndex,
    history: new HistoryKeeper({ door: doorTo(config), directory: join(config.dataDir, historyDirectory), store, log }),
    dayMailer: openDayMailer({ config, store, projector, alerts, log }),
    comparison: openComparison({ config, liveMap: projector.liveMap, alerts, log }),
    images: new ImagesKeeper({ door: doorTo(config), directory: join(config.dataDir, imagesDirectory), store, log }),
    sealDesk: new SealDesk(),
    switchBoard: openSwitches({ config, projector, devices, violationIndex, sensorDesk }, layouts),
    hands,
  };
}

/** Of the map, beside the log; the thread that verifies them opens the log as the configuration says. */
function snapshotsOf(config: AppConfig, log: Log, alerts: Alerts): Snapshots {
  return new Snapshots({
    directory: join(config.dataDir, 'snapshots'),
    everyEvents: config.snapshotEveryEvents,
    door: doorTo(config),
    log,
    alerts,
  });
}

/** By which a thread of its own opens the log for reading. */
function doorTo(config: AppConfig): { readonly module: string; readonly choice: StoreChoice } {
  const { dataDir, eventStore, eventStoreCredentialsFile, eventStoreNamespace } = config;
  const { eventStoreHeartbeatMs, eventStoreDeadlineMs } = config;
  const where = { dataDir, eventStore, eventStoreCredentialsFile, eventStoreNamespace };
  const choice: StoreChoice = { ...where, eventStoreHeartbeatMs, eventStoreDeadlineMs };
  return { module: new URL('./open-store.js', import.meta.url).href, choice };
}
