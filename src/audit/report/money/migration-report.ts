import { formatInstant } from '../../../../events/index.js';
import { familiesOf, type Families, knownBy, monthsUpTo, soldFamilies } from '../../../../projections/index.js';
import { lastKnown } from '../../known-log.js';
import type { MoneyQuestion } from './money-question.js';
import type { Plot, Shown } from './money-report.js';
import type { SalesLog } from './sales-log.js';

type Counts = Readonly<Record<Families, number>>;

/** How many servers had which families of addresses at the end of a month. */
interface Stage {
  readonly month: string;
  /** The last moment that counts. */
  readonly at: string;
  /** By what they were sold. */
  readonly sold: Counts;
  /** Of the servers sold: by what devices were read back to route to them. */
  readonly observed: Counts;
}

export interface MigrationReport {
  readonly logId: string;
  readonly ordinal: number;
  readonly stages: readonly Stage[];
}

const order = ['v4-only', 'dual', 'v6-only', 'none'] as const;

/** The way from IPv4 to IPv6 over the twelve months that end with this one. Rejects with a StoreError. */
export async function migrationReport(sales: SalesLog, { month, knownAt }: MoneyQuestion): Promise<MigrationReport> {
  const ordinal = await lastKnown(sales.log, knownAt);
  const months = monthsUpTo(month, 12);
  const moments = months.map(({ to }) => to - 1);
  const stages = months.map(({ name, to }) => ({
    month: name,
    at: formatInstant(to - 1),
    sold: none(),
    observed: none(),
  }));
  for (const [serverId, facts] of sales.facts.ofServers()) {
    soldFamilies(knownBy(facts, ordinal), moments).forEach((families, index) => {
      const stage = stages[index];
      if (families === undefined || stage === undefined) return;
      stage.sold[families]++;
      const { v4, v6 } = sales.carried.at(serverId, moments[index] ?? 0, ordinal);
      stage.observed[familiesOf(v4, v6)]++;
    });
  }
  return { logId: sales.log.logId, ordinal, stages };
}

const none = (): Record<Families, number> => ({ 'v4-only': 0, dual: 0, 'v6-only': 0, none: 0 });

export function showMigration({ logId, ordinal, stages }: MigrationReport): Shown {
  const last = stages.at(-1);
  const part = (title: string, says: string, of: (stage: Stage) => Counts) => ({
    title,
    says,
    columns: ['Month', 'v4-only', 'dual', 'v6-only', 'neither'],
    rows: stages.map((stage) => [stage.month, ...order.map((families) => String(of(stage)[families]))]),
  });
  return {
    title: `from IPv4 to IPv6, up to ${last?.month ?? ''}`,
    says: `Servers sold at the end of each month in UTC. Known up to event #${ordinal} of log ${logId}.`,
    keys: order.slice(0, 3).map((families) => [String(last?.sold[families] ?? 0), `sold ${families}`]),
    plots: [plot('Sold', stages, (stage) => stage.sold), plot('Routed', stages, (stage) => stage.observed)],
    parts: [
      part('By what was sold', 'IPv4: an add-on with an address. IPv6: a prefix.', ({ sold }) => sold),
      part(
        'By what devices routed',
        'As reading them back showed; neither: not linked, suspended, or no device tells.',
        ({ observed }) => observed,
      ),
    ],
    csv: [
      ['month', 'at', 'state', 'v4-only', 'dual', 'v6-only', 'none'],
      ...stages.flatMap((stage) =>
        (['sold', 'observed'] as const).map((state) => [
          ...[stage.month, stage.at, state],
          ...order.map((families) => String(stage[state][families])),
        ]),
      ),
    ],
  };
}

function plot(name: string, stages: readonly Stage[], of: (stage: Stage) => Counts): Plot {
  return {
    title: `${name}: servers by the month`,
    bars: stages.map((stage) => ({
      name: stage.month,
      heights: order.slice(0, 3).map((families) => ({
        ...{ of: families, value: of(stage)[families], said: `${of(stage)[families]} ${families}` },
      })),
    })),
  };
}
