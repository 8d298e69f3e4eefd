import fc from '../support/property.js';
import type { Told } from './memory-log.js';

const servers = ['a', 'b', 'c'];
const customers = ['x', 'y'];
export const ports = ['leaf1:E1', 'leaf1:E2', 'leaf2:E1'];
export const macs = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
export const addresses = ['198.51.100.1', '198.51.100.2'];
export const prefixes = ['2001:db8::/32', '2001:db8:1::/48', '2001:db8:1:8000::/56', '2001:db8:2::/48'];
const latest = 12;

/** Moment n of a generated history, ms since 1970 at n seconds. */
export const moment = (n: number): number => n * 1000;
export const momentText = (n: number): string => new Date(moment(n)).toISOString();

const server = fc.constantFrom(...servers);
const customerId = fc.constantFrom(...customers);
const port = fc.constantFrom(...ports);
const vlan = fc.constantFrom(11, 12);
const mac = fc.constantFrom(...macs);
const addOnId = fc.constantFrom('p', 'q');
const optional = { requiredKeys: ['serverId'] as const };

const dataOf: Record<string, fc.Arbitrary<object>> = {
  ServerAdded: fc.record(
    { serverId: server, customerId, port, vlan, mac },
    { requiredKeys: ['serverId', 'customerId', 'port', 'vlan'] },
  ),
  ServerMoved: fc.record({ serverId: server, port, vlan }),
  ServerNicReplaced: fc.record({ serverId: server, mac }),
  ServerTransferred: fc.record({ serverId: server, customerId }),
  ServerSuspended: fc.record({ serverId: server }),
  ServerResumed: fc.record({ serverId: server }),
  ServerRemoved: fc.record({ serverId: server }),
  ServerRecordCorrected: fc
    .record({ serverId: server, port, vlan, mac }, { requiredKeys: [...optional.requiredKeys] })
    .map((data) => ({ ...data, reason: 'put right' })),
  Ipv6PrefixAssigned: fc.record({ serverId: server, prefix: fc.constantFrom(...prefixes) }),
  Ipv6PrefixReleased: fc.record({ serverId: server, prefix: fc.constantFrom(...prefixes) }),
  Ipv4AddOnBought: fc.record({ serverId: server, addOnId, address: fc.constantFrom(...addresses) }),
  Ipv4AddOnCancelled: fc.record({ serverId: server, addOnId }),
  GatewayDeclared: fc.record({
    switch: fc.constantFrom('leaf1', 'leaf2'),
    addresses: fc.constantFrom([addresses[0]], []),
    macs: fc.constantFrom([macs[0]], []),
  }),
  GatewayRetired: fc.record({ switch: fc.constantFrom('leaf1', 'leaf2') }),
};

const weights: Record<string, number> = { ServerAdded: 6, Ipv4AddOnBought: 4, Ipv6PrefixAssigned: 4 };

const fact: fc.Arbitrary<Told> = fc
  .oneof(
    ...Object.entries(dataOf).map(([type, data]) => ({
      weight: weights[type] ?? 2,
      arbitrary: fc.record({ type: fc.constant(type), data, time: fc.nat({ max: latest }).map(momentText) }),
    })),
  )
  .map((told) => ({ ...told, recordedAt: momentText(latest + 1) }));

/** An event nobody can read: it freezes its stream. */
const unreadable: fc.Arbitrary<Told> = fc.record({
  type: fc.constant('ServerPainted'),
  data: fc.constant({}),
  time: fc.nat({ max: latest }).map(momentText),
  recordedAt: fc.constant(momentText(latest + 1)),
  stream: server.map((id) => `server-${id}`),
});

/**
 * Histories of three servers that want the same few things: late, corrected, removed, doubled and conflicting facts,
 * unreadable ones, and skips of those.
 */
export const anyHistory: fc.Arbitrary<Told[]> = fc
  .array(fc.oneof({ weight: 20, arbitrary: fact }, { weight: 1, arbitrary: unreadable }), { maxLength: 30 })
  .chain((facts) => fc.boolean().map((skips) => (skips ? [...facts, ...skipsFor(facts)] : facts)));

function skipsFor(facts: readonly Told[]): Told[] {
  return facts.flatMap(({ type, stream }, ordinal) =>
    type !== 'ServerPainted' || stream === undefined
      ? []
      : [
          {
            type: 'EventSkipped',
            data: { eventId: `00000000-0000-4000-8000-${String(ordinal).padStart(12, '0')}`, reason: 'a test' },
            time: momentText(latest + 1),
            stream,
          },
        ],
  );
}
