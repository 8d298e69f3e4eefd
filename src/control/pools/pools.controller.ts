import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { Allocator } from '../../reactors/allocator.reactor.js';
import type { Availability } from '../../reactors/availability.js';
import { type PoolsAnswer, poolsAnswer } from './pool-views.js';

/** Token under which the answer to "could an IPv4 address be had at this site?" is injected. */
export const IPV4_AVAILABILITY = Symbol('ipv4 availability');

export type AvailabilityAnswer = Availability & { readonly product: 'ipv4'; readonly site: string };

const described = [
  'Of each pool for IPv4 add-ons: `size`, `taken` (claimed by servers), `cooling` (given back, and kept from others for a while),',
  '`keptBack` (network, broadcast, reserved and gateway addresses), `free`, and when it is empty if it goes on as in the last',
  '30 days. `waiting`: add-ons bought without an address that have none yet, each with why.',
].join('\n');

/** Pools of addresses, and whether something may be sold from them. */
@ApiTags('pools')
@ApiBearerAuth()
@Controller('v1')
export class PoolsController {
  constructor(
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(Allocator) private readonly allocator: Allocator,
    @Inject(IPV4_AVAILABILITY) private readonly availabilityAt: (site: string) => Availability,
  ) {}

  @Get('pools')
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'Pools of addresses: taken, cooling, free, when empty; and who waits',
    description: described,
  })
  list(): PoolsAnswer {
    return poolsAnswer(this.liveMap.map, this.allocator);
  }

  @Get('pools/:poolId')
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'One pool, and who waits at its site', description: described })
  @ApiParam({ name: 'poolId', description: 'The id it was added under' })
  show(@Param('poolId') poolId: string): PoolsAnswer {
    const { pools, waiting } = this.list();
    const found = pools.filter((one) => one.poolId === poolId);
    if (found.length === 0)
      throw new ProblemError(
        404,
        'not-found',
        `There is no pool ${poolId.slice(0, 64)}. Add it with AddressPoolAdded.`,
      );
    return { pools: found, waiting };
  }

  @Get('availability')
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'Whether a product could be had at a site now, and where not, why',
    description: 'Ask before you sell. A purchase that is published all the same is stored, and waits.',
  })
  @ApiQuery({ name: 'product', enum: ['ipv4'] })
  @ApiQuery({ name: 'site', required: false, description: 'Default `default`' })
  availability(@Query() fields: Readonly<Record<string, unknown>>): AvailabilityAnswer {
    const { product, site = 'default', ...rest } = fields;
    const stray = Object.keys(rest)[0];
    if (stray !== undefined) throw malformed(`${stray.slice(0, 100)}: no such field; expected product and site`);
    if (product !== 'ipv4') throw malformed('product: expected ipv4');
    if (typeof site !== 'string' || !/^[A-Za-z0-9._-]{1,63}$/.test(site))
      throw malformed('site: expected the name of one site');
    return { product, site, ...this.availabilityAt(site) };
  }
}

function malformed(detail: string): ProblemError {
  return new ProblemError(400, 'question-malformed', detail);
}
