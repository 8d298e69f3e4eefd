import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startAlerts } from './alert-room.js';
import { startCheckpoints } from './checkpoint-room.js';
import { startComparison } from './comparison-room.js';
import type { AppConfig } from './config/app-config.js';
import { startDevices } from './device-rooms.js';
import { watchEngine } from './engine-checks.js';
import { type EngineParts, type Hands, openParts } from './engine-parts.js';
import { startAllocator } from './allocation-room.js';
import { startEnroller } from './enrolment-room.js';
import { createHttpServer } from './http-server.js';
import { startHistory, startImages } from './history-room.js';
import type { Log } from './ops/log.js';
import { startConductor } from './renumber-room.js';
import { startDayMailer } from './report-room.js';
import { startSensors } from './sensor-room.js';
import { startTriage } from './triage-room.js';

/** A room that works beside the HTTP side for as long as the engine runs. */
export interface BackgroundRoom {
  close(): Promise<void> | void;
}

/** Every room that works in the background, in the order they start; they stop in the opposite order. */
const backgroundRooms: readonly ((parts: EngineParts) => BackgroundRoom | Promise<BackgroundRoom>)[] = [
  // First to start, so that the last checkpoint covers what every other room still stores as it stops.
  startCheckpoints,
  // Before whoever may raise an alert, and longer than they.
  startAlerts,
  watchEngine,
  startDevices,
  startSensors,
  startEnroller,
  startConductor,
  startAllocator,
  startTriage,
  startHistory,
  startComparison,
  startDayMailer,
  startImages,
  ({ projector }) => {
    projector.start();
    return projector;
  },
];

export interface Engine {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly parts: EngineParts;
  /** Stops taking requests, then stops every room, then closes the log. */
  close(): Promise<void>;
}

/**
 * Starts an engine: log, background rooms, HTTP. What was opened is closed again when a later step fails.
 * `hands` stay on a simulated world while the engine drives it.
 */
export async function startEngine(config: AppConfig, log: Log, hands?: Hands): Promise<Engine> {
  const parts = await openParts(config, log, hands);
  const closers: (() => Promise<void> | void)[] = [() => parts.store.close()];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    for (const start of backgroundRooms) {
      const room = await start(parts);
      closers.push(() => room.close());
    }
    const server = await createHttpServer(parts);
    closers.push(() => server.close());
    await listen(server, config);
    const url = await server.getUrl();
    log.info('engine started', { url, dataDir: config.dataDir, logId: parts.store.logId });
    return { url, parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address that the engine was told to listen on cannot be had. */
export class ListenError extends Error {
  constructor(where: string, why: string) {
    super(`Cannot listen on ${where} (${why}). Free it, or name another with listen in the configuration or --port.`);
    this.name = 'ListenError';
  }
}

async function listen(server: NestFastifyApplication, { listen: { host, port } }: AppConfig): Promise<void> {
  try {
    await server.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new ListenError(`${host}:${port}`, code);
  }
}
