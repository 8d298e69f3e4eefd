/** Events a request carries: the most that intake takes. */
export const eventsABatch = 500;
const factsAServer = 4;
const portsASwitch = 40;

export const bulkSource = 'urn:bench:billing';

/** One import as billing would send it, as the bodies of its requests: each server added, then what it was sold, no two alike. */
export function bulkBodies(batches: number, firstServer: number): Buffer[] {
  const serversABatch = eventsABatch / factsAServer;
  return Array.from({ length: batches }, (_, batch) => {
    const servers = Array.from({ length: serversABatch }, (_one, index) => firstServer + batch * serversABatch + index);
    return Buffer.from(JSON.stringify(servers.flatMap(factsOf)));
  });
}

function factsOf(server: number): object[] {
  const serverId = `srv-${server}`;
  const unit = server % portsASwitch;
  const place = { port: `leaf${(server - unit) / portsASwitch}:Ethernet${unit}`, vlan: 100 + unit };
  const mac = `5254${hex(server, 8)}`.replace(/(..)(?=.)/g, '$1:');
  const address = `10.${(server >>> 16) & 255}.${(server >>> 8) & 255}.${server & 255}`;
  const prefix = `2a00:${hex((server >>> 12) + 1, 1)}:${hex((server & 0xfff) + 1, 1)}::/48`;
  const facts: [string, object][] = [
    ['ServerAdded', { customerId: `cust-${server >>> 2}`, ...place, mac }],
    ['Ipv6PrefixAssigned', { prefix }],
    ['Ipv4AddOnBought', { addOnId: 'ip-0', address, monthlyPriceMinor: 250, currency: 'EUR' }],
    ['ServerSuspended', { reason: 'not paid yet' }],
  ];
  return facts.map(([type, data], index) => ({
    specversion: '1.0',
    id: `fact-${server}-${index}`,
    source: bulkSource,
    type,
    subject: serverId,
    time: '2026-03-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: { serverId, ...data },
  }));
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
