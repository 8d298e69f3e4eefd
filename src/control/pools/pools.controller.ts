import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { delegatedLength, parseCustomerId, usualDelegatedLength } from '../../../events/index.js';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { Allocator } from '../../reactors/allocator.reactor.js';
import { type Availability, customerPrefixAvailability, prefixAvailability } from '../../reactors/availability.js';
import { type PoolsAnswer, poolsAnswer } from './pool-views.js';

/** Token under which the answer to "could an IPv4 address be had at this site?" is injected. */
export const IPV4_AVAILABILITY = Symbol('ipv4 availability');

const products = ['ipv4', 'ipv6', 'customer-prefix'] as const;
type Product = (typeof products)[number];

export type AvailabilityAnswer = Availability & {
  readonly product: Product;
  readonly site: string;
  readonly customer?: string;
  readonly length?: number;
};

const described = [
  'Of each pool for IPv4 add-ons: `size`, `taken` (claimed by servers), `cooling` (given back, and kept from others for a while),',
  '`keptBack` (network, broadcast, reserved and gateway addresses), `free`, and when it is empty if it goes on as in the last',
  '30 days. A pool of purpose `server-prefix`, and each of the `delegations` (prefixes of customers), the same counted in /64s;',
  'one of purpose `customer-prefix` in prefixes of `countedLength`. `heldBy` names the customer whose delegation stands before',
  'it, `orderId` the order that a prefix was allocated to. `waiting`: what was sold without naming it and has nothing yet,',
  'add-ons (`addOnId`), orders of a /64 (`orderId`) and orders of a prefix (`customerId`, `orderId`), each with why.',
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
  @ApiQuery({ name: 'customer', required: false, description: 'Prefixes of this customer alone' })
  list(@Query() fields: Readonly<Record<string, unknown>>): PoolsAnswer {
    const { customer, ...rest } = fields;
    refuseStray(rest, 'customer');
    if (customer !== undefined && parseCustomerId(customer) === undefined)
      throw malformed('customer: expected the id of one customer');
    return poolsAnswer(this.liveMap.map, this.allocator, parseCustomerId(customer));
  }

  @Get('pools/:poolId')
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'One pool, and who waits at its site', description: described })
  @ApiParam({ name: 'poolId', description: 'The id it was added under' })
  show(@Param('poolId') poolId: string): PoolsAnswer {
    const { pools, waiting } = poolsAnswer(this.liveMap.map, this.allocator);
    const found = pools.filter((one) => one.poolId === poolId);
    if (found.length === 0)
      throw new ProblemError(
        404,
        'not-found',
        `There is no pool ${poolId.slice(0, 64)}. Add it with AddressPoolAdded.`,
      );
    return { pools: found, delegations: [], furtherCustomers: 0, waiting };
  }

  @Get('availability')
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'Whether a product could be had at a site now, and where not, why',
    description: 'Ask before you sell. A purchase that is published all the same is stored, and waits.',
  })
  @ApiQuery({
    name: 'product',
    enum: products,
    description: '`ipv6`: a /64 for a server; `customer-prefix`: a prefix for a customer',
  })
  @ApiQuery({ name: 'site', required: false, description: 'Default `default`' })
  @ApiQuery({ name: 'customer', required: false, description: 'Of `ipv6`: whose server it is for' })
  @ApiQuery({
    name: 'length',
    required: false,
    description: `Of \`customer-prefix\`: how long it is to be; default ${usualDelegatedLength}`,
  })
  availability(@Query() fields: Readonly<Record<string, unknown>>): AvailabilityAnswer {
    const { product, site = 'default', customer, length, ...rest } = fields;
    refuseStray(rest, 'product, site and, for ipv6, customer, for customer-prefix, length');
    if (!isProduct(product)) throw malformed(`product: expected one of ${products.join(', ')}`);
    if (customer !== undefined && (product !== 'ipv6' || parseCustomerId(customer) === undefined))
      throw malformed('customer: expected the id of one customer, and product=ipv6');
    if (length !== undefined && (product !== 'customer-prefix' || lengthIn(length) === undefined))
      throw malformed('length: expected a length from 36 to 64, and product=customer-prefix');
    if (typeof site !== 'string' || !/^[A-Za-z0-9._-]{1,63}$/.test(site))
      throw malformed('site: expected the name of one site');
    if (product === 'ipv4') return { product, site, ...this.availabilityAt(site) };
    if (product === 'customer-prefix') {
      const asked = lengthIn(length) ?? usualDelegatedLength;
      return { product, site, length: asked, ...customerPrefixAvailability(this.allocator, site, asked) };
    }
    const whose = parseCustomerId(customer);
    const of = whose === undefined ? {} : { customer: whose };
    return { product, site, ...of, ...prefixAvailability(this.allocator, whose, site) };
  }
}

const isProduct = (text: unknown): text is Product => products.some((one) => one === text);

function lengthIn(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{2}$/.test(text) ? delegatedLength(Number(text)) : undefined;
}

function refuseStray(rest: Readonly<Record<string, unknown>>, expected: string): void {
  const stray = Object.keys(rest)[0];
  if (stray !== undefined) throw malformed(`${stray.slice(0, 100)}: no such field; expected ${expected}`);
}

function malformed(detail: string): ProblemError {
  return new ProblemError(400, 'question-malformed', detail);
}
