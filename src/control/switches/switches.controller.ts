import { Controller, Get, Headers, Inject, type OnModuleDestroy, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '../../auth/require-scope.js';
import { tagged, type TaggedReply, weakTag } from '../../ops/entity-tag.js';
import { ProblemError } from '../../ops/problem.js';
import type { SwitchPorts } from './switch-ports.js';
import { mostServers, SwitchBoard } from './switch-board.js';
import { deviceRows, type SwitchDeviceRow, type SwitchList, switchList } from './switch-list.js';
import { readSwitchQuestion } from './switch-question.js';
import { portStates, stateTable } from './port-state.js';

/** Who may read what a violation says; to others the state alone is told. */
const readersOfViolations: readonly string[] = ['security-analyst', 'auditor'];
const heard = 'something was heard here that billing did not sell; who reads violations sees what';

/** A switch as its front shows it. */
export interface SwitchAnswer extends Omit<SwitchPorts, 'contested'> {
  readonly switch: string;
  readonly site: string;
  readonly devices: readonly SwitchDeviceRow[];
}

const states = [
  'Every port is in exactly one state, the first of these that is true of it; `also` says which others are:',
  ...stateTable.map(({ state, meaning }) => `- \`${state}\`: ${meaning}`),
].join('\n');

/** The switches and their ports: what billing sold against what is there. */
@ApiTags('switches')
@ApiBearerAuth()
@Controller('v1/switches')
@RequireScope('viewer')
export class SwitchesController implements OnModuleDestroy {
  constructor(@Inject(SwitchBoard) private readonly board: SwitchBoard) {}

  @Get()
  @ApiOperation({
    summary: 'Every switch, with how many of its ports are in each state',
    description: `${states}\n\n\`totals\` are of the \`counted\` switches of \`of\`: of many switches they are counted in the background, once.`,
  })
  @ApiQuery({ name: 'q', required: false, type: String, description: 'only switches with this in their name' })
  @ApiQuery({
    name: 'state',
    required: false,
    type: String,
    description: `only switches with a port in one of these states, with commas: ${portStates.join(', ')}`,
  })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 500, default 100' })
  @ApiQuery({ name: 'after', required: false, type: String, description: '`next` of the page before' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'the ETag of an earlier answer' })
  @ApiResponse({ status: 200, description: '{switches, totals, counted, of, next?}, with an ETag' })
  @ApiResponse({ status: 304, description: 'the same as before' })
  @ApiResponse({ status: 400, description: 'question-malformed: what is wrong with it, and what was expected' })
  async list(
    @Query() fields: Readonly<Record<string, unknown>>,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: TaggedReply,
  ): Promise<SwitchList | undefined> {
    const question = readSwitchQuestion(fields);
    if ('malformed' in question) throw new ProblemError(400, 'question-malformed', question.malformed);
    this.mustBeLive();
    const list = await switchList(this.board, question);
    return tagged(list, weakTag(list), known, reply);
  }

  @Get(':switch/ports')
  @ApiOperation({
    summary: 'The front of one switch: every port with its state, and why',
    description: `${states}\n\n\`panel\` says how the ports stand on the metal: blocks from left to right, the first port of a block on top, the second below it.`,
  })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'the ETag of an earlier answer' })
  @ApiResponse({ status: 200, description: '{switch, site, devices, counts, panel, ports}, with an ETag' })
  @ApiResponse({ status: 304, description: 'the same as before' })
  @ApiResponse({
    status: 404,
    description: 'unknown-switch: neither billing nor a device nor the configuration knows it',
  })
  @ApiResponse({ status: 422, description: 'switch-too-large: more servers than hang on a box' })
  async ports(
    @Param('switch') switchName: string,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: TaggedReply,
  ): Promise<SwitchAnswer | undefined> {
    this.mustBeLive();
    const found = await this.board.ports(switchName);
    if (found === undefined) {
      const detail = `Nothing is known of a switch ${switchName.slice(0, 100)}. GET /v1/switches lists those that are.`;
      throw new ProblemError(404, 'unknown-switch', detail);
    }
    if (found === 'too-large') {
      const detail = `More than ${mostServers} servers hang on ${switchName}. Ask GET /v1/map for one port of it.`;
      throw new ProblemError(422, 'switch-too-large', detail);
    }
    const isReader = principal.scopes.some((scope) => readersOfViolations.includes(scope));
    const { counts, panel, ports } = isReader ? found : withoutViolations(found);
    const devices = deviceRows(this.board.devicesOf(switchName));
    const answer = { switch: switchName, site: this.board.siteOf(switchName), devices, counts, panel, ports };
    return tagged(answer, weakTag(answer), known, reply);
  }

  onModuleDestroy(): Promise<void> {
    return this.board.close();
  }

  private mustBeLive(): void {
    if (this.board.live) return;
    const detail = 'The engine is still reading its log; the ports are not known yet. Ask again in a moment.';
    throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
  }
}

function withoutViolations(found: SwitchPorts): SwitchPorts {
  const ports = found.ports.map(({ violationId, ...port }) =>
    violationId === undefined ? port : { ...port, why: port.state === 'violation' ? heard : port.why },
  );
  return { ...found, ports };
}
