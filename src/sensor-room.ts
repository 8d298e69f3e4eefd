import { join } from 'node:path';
import { netbootPrefixes } from './config/netboot.js';
import type { EngineParts } from './engine-parts.js';
import { configuredSources, refusePlaceless } from './sensor/capture/configured-sources.js';
import { Coverage } from './sensor/coverage/coverage.js';
import { CoverageKeeper } from './sensor/coverage/coverage-keeper.js';
import { SelfTests } from './sensor/coverage/self-tests.js';
import { EvidenceKeeper } from './sensor/evidence/evidence-keeper.js';
import { knownViolation } from './sensor/evidence/known-violation.js';
import { Exoneration } from './sensor/exoneration/exoneration.js';
import { PrefixHearing } from './sensor/prefix-hearing.js';
import { Scoreboard } from './sensor/scorecard/scoreboard.js';
import { SensorService, type SensorState } from './sensor/sensor.service.js';
import { silentServers } from './sensor/silent/silent-servers.js';
import { openTables, registerTold } from './table-room.js';

/** Knows the state of every sensor: those of this engine, and those that report from elsewhere. */
type SensorStatesSource = () => readonly SensorState[];

const scoreEveryMs = 1_000;

/** Hears every capture source of the configuration; one that cannot hear degrades readiness and is named there. */
export function startSensors(parts: EngineParts): { close(): Promise<void> } {
  const { config, store, projector, log, hands, sensorDesk, remoteSensors } = parts;
  const { liveMap } = projector;
  refusePlaceless(config.sensors);
  const evidence = openEvidence(parts);
  const selfTests = new SelfTests();
  const scoreboard = new Scoreboard();
  const tables = openTables(parts);
  const netboot = netbootPrefixes(config);
  const sensors = new SensorService({
    sources: configuredSources(config.sensors.filter((sensor) => sensor.remote !== true)),
    store,
    liveMap,
    log,
    netboot,
    limits: {
      inFlightWindowMs: config.inFlightWindowMs,
      ...(tables.placesKeptMs > 0 && { macPlaceMs: tables.placesKeptMs }),
    },
    ...(hands.openCapture === undefined ? {} : { openCapture: hands.openCapture }),
    onFrameKept: (frame) => evidence.keep(frame),
    takeAside: (verdict) => selfTests.takeAside(verdict),
    others: [...tables.sources, ...parts.messages.sources],
  });
  const states = (): SensorState[] => [...sensors.states().sensors, ...remoteSensors.sensors()];
  const keeper = openCoverage(parts, states, selfTests);
  sensorDesk.staffedBy({
    evidence,
    coverage: coverageOf(parts, states, selfTests, keeper),
    scoreboard,
    prefixHearing: new PrefixHearing(sensors),
    exceptionHits: () => sensors.states().exceptions,
    silentServers: (switchName) => {
      const sources = { sensors: states(), macPorts: tables.macPorts, map: liveMap.map };
      return silentServers(sources, Date.now(), switchName);
    },
  });
  registerSensors(parts, states);
  measureSensors(parts, states);
  registerTold(parts, () => sensors.states().others);
  const exoneration = new Exoneration({ store, liveMap, log, netboot });
  evidence.start();
  exoneration.start();
  sensors.start();
  keeper.start();
  const scoring = setInterval(() => scoreboard.update(sensors.states().scorecard), scoreEveryMs);
  return {
    close: async () => {
      clearInterval(scoring);
      await keeper.close();
      await sensors.close();
      await exoneration.close();
      await evidence.close();
    },
  };
}

function openEvidence({ config, store, projector, log, alerts, readiness }: EngineParts): EvidenceKeeper {
  const { liveMap } = projector;
  const evidence = new EvidenceKeeper({
    directory: config.evidence.directory ?? join(config.dataDir, 'evidence'),
    maxBytes: config.evidence.maxBytes,
    store,
    violation: (violationId) => knownViolation(liveMap.map, violationId),
    isLive: () => liveMap.live,
    log,
    onTrouble: (trouble) => {
      if (trouble === undefined) alerts.clear('evidence-not-kept', 'evidence');
      else alerts.raise('evidence-not-kept', { key: 'evidence', detail: trouble.detail });
    },
  });
  readiness.register('evidence', () => {
    const { trouble, files, bytes } = evidence.state;
    if (trouble !== undefined) return { ok: true, degraded: true, detail: trouble.detail };
    return { ok: true, detail: `${files} violations have kept frames, in ${bytes} bytes.` };
  });
  return evidence;
}

function openCoverage(
  { config, store, projector, log, alerts }: EngineParts,
  sensors: SensorStatesSource,
  selfTests: SelfTests,
): CoverageKeeper {
  return new CoverageKeeper({
    sensors,
    lastSelfTest: (sensor) => selfTests.lastOf(sensor),
    limits: { silentMs: config.coverage.silentSeconds * 1000, lagMs: config.coverage.lagMs },
    store,
    isLive: () => projector.liveMap.live,
    alerts,
    log,
  });
}

function coverageOf(
  { config, projector }: EngineParts,
  sensors: SensorStatesSource,
  selfTests: SelfTests,
  keeper: CoverageKeeper,
): Coverage {
  // The verdict of a remote sensor comes another way, so its self-test could not be told from a violation.
  const here = config.sensors.filter((sensor) => sensor.remote !== true);
  const places = here.flatMap(({ name, selftest }) => (selftest === undefined ? [] : [[name, selftest] as const]));
  return new Coverage({
    sensors,
    map: () => projector.liveMap.map,
    keeper,
    selfTests,
    sendingPlaces: new Map(places),
    sites: new Map([...config.sensors, ...config.gateways].map((one) => [one.switch, one.site])),
  });
}

function measureSensors({ metrics }: EngineParts, sensors: SensorStatesSource): void {
  metrics.register({
    name: 'portledger_flood_suppressed_total',
    help: 'Frames that were counted and not judged, because their port had used up its second.',
    kind: 'counter',
    read: () => sensors().map(({ name, sampled }) => ({ labels: { sensor: name }, value: sampled ?? 0 })),
  });
}

function registerSensors({ config, readiness }: EngineParts, sensors: SensorStatesSource): void {
  readiness.register('sensors', () => {
    const silent = sensors().filter(({ capture }) => capture.state === 'failed');
    if (silent.length === 0) return { ok: true, detail: `${config.sensors.length} capture sources.` };
    const why = silent.map(({ name, capture }) =>
      capture.state === 'failed' ? `${name}: ${capture.reason}; ${capture.cure}` : name,
    );
    return { ok: true, degraded: true, detail: `Not hearing: ${why.join('; ')}` };
  });
}
