import { contractOf, type EventType, type StoredEvent } from '../../events/index.js';
import { type DesiredState, desiredState, LogFold } from '../../projections/index.js';
import { type Actual, planChanges } from '../../src/reactors/plan.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'devices';
/** A switch has no more VLANs for its servers. */
const serversPerSwitch = 4_000;

/** The plan of every device over a map of 1,000,000 servers, each with a /48, an IPv4 address and a link that is up. */
export function planFigures(smoke: boolean, say: (text: string) => void): BenchRow[] {
  const switches = smoke ? 1 : 250;
  const servers = switches * (smoke ? 200 : serversPerSwitch);
  globalThis.gc?.();
  const before = heapNow();
  const fold = new LogFold();
  let ordinal = 0;
  for (let number = 0; number < switches; number++) {
    for (const one of factsOf(number, servers / switches)) fold.fold(storedOf(one, ordinal++));
    if (number % 50 === 49) say(`${(number + 1) * (servers / switches)} servers are in the map`);
  }
  globalThis.gc?.();
  const heap = heapNow() - before;
  const took = { plan: [] as number[], bare: [] as number[] };
  let most = 0;
  for (let number = 0; number < switches; number++) {
    const view = { switch: `leaf${number}`, interfacePattern: 'vlan{vlan}', med: 0 };
    const actual = actualOf(desiredState(fold.map, view));
    globalThis.gc?.();
    const idle = heapNow();
    const start = performance.now();
    const plan = planChanges(desiredState(fold.map, view), actual);
    took.plan.push(performance.now() - start);
    most = Math.max(most, heapNow() - idle);
    if (plan.lines.length > 0) throw new Error(`the plan of an equal device has ${plan.lines.length} lines`);
    took.bare.push(bareDifference(actual));
  }
  const many = servers.toLocaleString('en-US');
  return [
    rowOf({
      room,
      name: `plan of one device of ${servers / switches} servers over a map of ${many} (limit: two sets of lines compared)`,
      value: median(took.plan),
      unit: 'ms',
      limit: median(took.bare),
    }),
    rowOf({
      room,
      name: `plans of all ${switches} devices, ${many} servers`,
      value: sum(took.plan),
      unit: 'ms',
      limit: sum(took.bare),
    }),
    rowOf({ room, name: `heap of a map of ${many} servers`, value: heap / (1 << 20), unit: 'MiB' }),
    rowOf({ room, name: 'heap that one plan takes beside it, at most', value: most / (1 << 20), unit: 'MiB' }),
  ];
}

interface Fact {
  readonly type: EventType;
  readonly data: Record<string, unknown>;
}

function* factsOf(number: number, servers: number): Generator<Fact> {
  const name = `leaf${number}`;
  yield { type: 'GatewayDeclared', data: { switch: name, addresses: ['fe80::1'], macs: ['02:00:5e:00:00:01'] } };
  for (let unit = 0; unit < servers; unit++) {
    const index = number * serversPerSwitch + unit;
    const serverId = `srv-${index}`;
    const port = `${name}:Ethernet${unit}`;
    const digits = index.toString(16).padStart(6, '0');
    const mac = `52:54:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`;
    yield { type: 'ServerAdded', data: { serverId, customerId: `cust-${index >>> 2}`, port, vlan: 90 + unit, mac } };
    yield { type: 'Ipv6PrefixAssigned', data: { serverId, prefix: prefixOf(index) } };
    yield { type: 'Ipv4AddOnBought', data: { serverId, addOnId: 'ip-0', address: addressOf(index) } };
    yield { type: 'LinkUp', data: { port } };
  }
}

const prefixOf = (index: number): string =>
  `2a00:${((index >>> 12) + 1).toString(16)}:${((index & 0xfff) + 1).toString(16)}::/48`;
const addressOf = (index: number): string => `10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`;

function storedOf({ type, data }: Fact, ordinal: number): StoredEvent {
  const stream = contractOf(type)?.stream?.(data) ?? '';
  const time = '2026-01-01T00:00:00.000Z';
  const metadata = { source: 'urn:bench', sourceId: `f-${ordinal}`, schemaVersion: 1, time, recordedAt: time };
  const id = `00000000-0000-5000-8000-${ordinal.toString(16).padStart(12, '0')}`;
  return { id, stream, type, data, metadata, revision: 0, position: String(ordinal), ordinal };
}

/** A device that holds exactly what is wanted, as a driver would show it: strings of its own. */
function actualOf({ neighbours, routes }: DesiredState): Actual {
  const interfaces = new Map(
    neighbours.map(({ interface: name }) => [name, { name, adminUp: true, carrier: true, addresses: ['fe80::1'] }]),
  );
  const state = {
    interfaces,
    neighbours: neighbours.map(({ interface: name, address, mac }) => ({ interface: name, address, mac, ours: true })),
    boxAddresses: new Set(['fe80::1']),
    stamp: undefined,
  };
  const owned = routes.map((route) =>
    route.family === 'ipv6'
      ? { family: route.family, prefix: route.prefix, nextHop: route.nextHop, interface: route.interface, med: 0 }
      : { family: route.family, address: route.address, interface: route.interface, med: 0 },
  );
  const keys = new Set<string>();
  const fresh: unknown = JSON.parse(JSON.stringify({ neighbours: state.neighbours, owned }));
  const { neighbours: read, owned: announced } = fresh as { neighbours: []; owned: [] };
  return {
    switch: { ...state, neighbours: read } as unknown as Actual['switch'],
    bgp: { owned: announced, inTable: keys, inKernel: keys, stamp: undefined },
  };
}

/** What nobody can do without who compares two lists of lines that are there already. */
function bareDifference({ switch: state, bgp }: Actual): number {
  const lines = [
    ...state.neighbours.map(({ interface: name, address, mac }) => `${address} ${name} ${mac}`),
    ...(bgp?.owned ?? []).map((route) => JSON.stringify(route)),
  ];
  const start = performance.now();
  const [wanted, present] = [new Set(lines), new Set(lines)];
  let differences = 0;
  for (const line of wanted) if (!present.has(line)) differences++;
  for (const line of present) if (!wanted.has(line)) differences++;
  if (differences > 0) throw new Error('equal sets differ');
  return performance.now() - start;
}

function heapNow(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
