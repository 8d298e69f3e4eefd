import type { IncomingMessage } from 'node:http';
import { Controller, Get, Inject, type OnModuleDestroy, Param, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { fromEvent, merge, Subject, timer } from 'rxjs';
import { parseServerId } from '../../events/index.js';
import { CurrentPrincipal, type Principal, RequireScope } from '../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { DeviceRegistry } from './device-registry.js';
import { ServerFollower, type ServerStatus } from './server-status.js';
import { parseWait } from './wait-time.js';

/** Waiting costs no thread, but each waiter looks again whenever a device was looked at. */
const mostWaiters = 200;
const seeAll: readonly string[] = ['operator', 'viewer', 'auditor'];

const described = [
  'From the log through the map to the devices: what is stored, what it means, and what each device holds of it.',
  '`confirmed` is said of a device only after it was read back: its last look knew the latest change of the server, saw all',
  'that is granted and wanted now, and left nothing to be done. `settled` says so of every device.',
  'With `wait` the answer comes as soon as all is settled, else after that time with what is so.',
  'A publisher sees the servers of its own source only.',
].join('\n');

/** How far the facts of one server have got. */
@ApiTags('servers')
@ApiBearerAuth()
@Controller('v1/servers')
export class ServersController implements OnModuleDestroy {
  private waiters = 0;
  private readonly ending = new Subject<void>();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(DeviceRegistry) private readonly devices: DeviceRegistry,
  ) {}

  @Get(':server/status')
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'What is stored of a server, what it means, and what each device holds',
    description: described,
  })
  @ApiQuery({ name: 'wait', required: false, type: String, example: '30s', description: '100ms to 60s' })
  @ApiResponse({ status: 200, description: 'What is so; `settled` when nothing is left to be done.' })
  @ApiResponse({ status: 404, description: 'server-unknown: no event (of your source) says anything of this server.' })
  @ApiResponse({ status: 429, description: 'too-many-waiters: ask again without `wait`, or later.' })
  async status(
    @Param('server') server: string,
    @Query() fields: Readonly<Record<string, unknown>>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: { readonly raw: IncomingMessage },
  ): Promise<ServerStatus> {
    const wait = understood(fields);
    const isSeeingAll = principal.scopes.some((scope) => seeAll.includes(scope));
    const serverId = parseServerId(server);
    // A publisher without a source has published nothing.
    if (serverId === undefined || (!isSeeingAll && principal.source === undefined)) throw unknown(server);
    const engine = { store: this.store, liveMap: this.liveMap, devices: this.devices };
    const follower = new ServerFollower(serverId, isSeeingAll ? undefined : principal.source, engine);
    const status = await (wait === undefined ? follower.status() : this.waited(follower, wait, request.raw));
    if (status === undefined) throw unknown(server);
    return status;
  }

  onModuleDestroy(): void {
    this.ending.next();
  }

  private async waited(
    follower: ServerFollower,
    wait: number,
    request: IncomingMessage,
  ): Promise<ServerStatus | undefined> {
    if (this.waiters >= mostWaiters) {
      const detail = `${mostWaiters} callers wait already. Ask again later, or without wait.`;
      throw new ProblemError(429, 'too-many-waiters', detail, {}, { 'retry-after': '1' });
    }
    this.waiters++;
    try {
      return await follower.settled(merge(timer(wait), this.ending, fromEvent(request.socket, 'close')));
    } finally {
      this.waiters--;
    }
  }
}

function understood(fields: Readonly<Record<string, unknown>>): number | undefined {
  const stray = Object.keys(fields).find((name) => name !== 'wait');
  if (stray !== undefined) throw malformed(`${stray.slice(0, 100)}: no such field; expected wait or none`);
  if (fields['wait'] === undefined) return undefined;
  const wait = parseWait(fields['wait']);
  if (wait === undefined) throw malformed('wait: expected 100ms to 60s, such as 30s or 500ms, once');
  return wait;
}

const malformed = (detail: string): ProblemError => new ProblemError(400, 'question-malformed', detail);
const unknown = (server: string): ProblemError =>
  new ProblemError(404, 'server-unknown', `No event of yours says anything of the server ${server.slice(0, 100)}.`);
