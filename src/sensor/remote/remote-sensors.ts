import type { ServerResponse } from 'node:http';
import type { AppConfig } from '../../config/app-config.js';
import { netbootPrefixes } from '../../config/netboot.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { configuredSources } from '../capture/configured-sources.js';
import type { SensorState } from '../sensor.service.js';
import { GrantsStreams } from './grants-stream.js';
import type { KnownVerdicts } from './grants-words.js';
import { type SensorReport, silentAfterMs } from './sensor-report.js';
import { VerdictDesk } from './verdict-desk.js';
import type { VerdictResult } from './verdict-words.js';

/** Verdicts that one sensor may send in a minute. A flood costs a judge some hundreds; a spool that drains costs more. */
const verdictsPerMinute = 6_000;
/** Violations that a sensor is told of when it begins; beyond them the desk finds out. */
const knownViolations = 10_000;

interface Reported {
  readonly report: SensorReport;
  readonly at: number;
}

/** The sensors that run on other boxes: whom the configuration names, what they said last, and what they may send. */
export class RemoteSensors {
  readonly streams: GrantsStreams;
  private sources: ReadonlyMap<string, CaptureSource> | undefined;
  private readonly desk: VerdictDesk;
  private readonly reports = new Map<string, Reported>();
  private readonly spent = new Map<string, { minute: number; verdicts: number }>();

  constructor(
    private readonly config: Pick<AppConfig, 'sensors' | 'inFlightWindowMs' | 'gateways'>,
    store: Pick<EventStore, 'appendMany' | 'append' | 'head' | 'readStream'>,
    private readonly liveMap: LiveMap,
    private readonly now: () => number = Date.now,
  ) {
    const netboot = netbootPrefixes(config);
    this.streams = new GrantsStreams(liveMap, netboot);
    this.desk = new VerdictDesk(store, liveMap, config.inFlightWindowMs, now, netboot);
  }

  get isLive(): boolean {
    return this.liveMap.live;
  }

  /** Where a sensor hears; undefined for a name that the configuration does not have as a remote sensor. */
  sourceOf(name: string): CaptureSource | undefined {
    return this.configured().get(name);
  }

  /** Streams the grants to a sensor, from where it was if that is not too long ago. */
  follow(source: CaptureSource, client: ServerResponse, after: string | undefined): void {
    const { logId } = this.liveMap;
    const { inFlightWindowMs } = this.config;
    this.streams.open(client, { logId, source, inFlightWindowMs, known: this.knownAt(source) }, after);
  }

  /** Takes verdicts in; undefined when the sensor has sent too many this minute. Rejects with a StoreError. */
  async take(source: CaptureSource, values: readonly unknown[]): Promise<VerdictResult[] | undefined> {
    const minute = Math.floor(this.now() / 60_000);
    const before = this.spent.get(source.name);
    const verdicts = (before?.minute === minute ? before.verdicts : 0) + values.length;
    if (verdicts > verdictsPerMinute) return undefined;
    this.spent.set(source.name, { minute, verdicts });
    return this.desk.take(source, values);
  }

  /** What a sensor says of itself; it says so every few seconds. */
  report({ name }: CaptureSource, report: SensorReport): void {
    this.reports.set(name, { report, at: this.now() });
  }

  sensors(): readonly SensorState[] {
    return [...this.configured().values()].map((source) => this.stateOf(source));
  }

  close(): void {
    this.streams.close();
  }

  /** Throws a SensorConfigError for a sensor whose place the configuration does not say. */
  private configured(): ReadonlyMap<string, CaptureSource> {
    this.sources ??= new Map(
      configuredSources(this.config.sensors.filter((sensor) => sensor.remote === true)).map((one) => [one.name, one]),
    );
    return this.sources;
  }

  private stateOf(source: CaptureSource): SensorState {
    const { name } = source;
    const last = this.reports.get(name);
    const heardNothing = { name, source, frames: 0, unbelievable: 0, behindMs: 0 };
    if (last === undefined) return { ...heardNothing, capture: { state: 'waiting' } };
    const { frames, unbelievable, behindMs, capture, lastFrameTime, dropped: droppedByKernel } = last.report;
    const heard = {
      name,
      source,
      frames,
      unbelievable,
      behindMs,
      ...(lastFrameTime !== undefined && { lastFrameTime }),
    };
    const said = { ...heard, counts: { runs: 0, captured: frames, receivedByFilter: frames, droppedByKernel } };
    const silentMs = this.now() - last.at;
    if (silentMs <= silentAfterMs) return { ...said, capture };
    const reason = `sensor ${name} has not reported for ${Math.round(silentMs / 1000)} s`;
    const cure = 'look after portledger sensor watch on its box, and the way from there to this engine';
    return { ...said, capture: { state: 'failed', reason, cure, retryInMs: 0 } };
  }

  private knownAt(source: CaptureSource): KnownVerdicts {
    const { violations, seenMacs } = this.liveMap.map;
    const ids: string[] = [];
    for (const row of violations.values()) if (row.port === source.port) ids.push(row.violationId);
    const { port } = source;
    const sightings = port === undefined ? [] : (seenMacs.get(port)?.sightings ?? []);
    // Of each VLAN the first is the newest.
    const lastSeen = [...new Map(sightings.toReversed().map((one) => [one.vlan, one])).values()];
    return {
      violations: ids.slice(-knownViolations),
      lastSeen: port === undefined ? [] : lastSeen.map(({ vlan, mac }) => ({ port, vlan, mac })),
    };
  }
}
