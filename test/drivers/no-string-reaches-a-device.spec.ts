import fc from '../support/property.js';
import {
  type IpAddress,
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Prefix,
  type MacAddress,
  parseAddOnId,
  parseIp,
  parseIpv4,
  parseIpv6,
  parseIpv6Prefix,
  parseMac,
  parsePort,
  parseServerId,
  parseSwitchName,
} from '../../events/index.js';
import { desiredState, LogFold } from '../../projections/index.js';
import { ConfigError, parseConfig } from '../../src/config/load-config.js';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import type { NeighbourChange } from '../../src/drivers/switch/switch.port.js';
import { checkEvent } from '../../src/intake/check-event.js';
import { eventExamples, exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import { hostileString, numbersFrom } from './hostile-strings.js';
import { neighbourRenderers, type Renderer, routeRenderers } from './renderers.js';

const stringsPerRun = 1_000;
/** A seed that fails is shown by fast-check, and gives the same strings again. */
function withStrings(strings: number, law: (number: (limit: number) => number) => void): void {
  fc.assert(
    fc.property(fc.integer(), (seed) => law(numbersFrom(seed))),
    { numRuns: strings / stringsPerRun },
  );
}

/** The text says exactly the value, in the one spelling that values have, or there is no text. */
function holds<Value extends NeighbourChange | Route>(renderer: Renderer<Value>, value: Value): boolean {
  const text = renderer.render(value);
  if (text === undefined) return false;
  const read = renderer.read(text, value);
  if (read === undefined || meaningOf(read) !== meaningOf(value))
    throw new Error(`${renderer.name}: ${JSON.stringify(value)} is rendered as ${JSON.stringify(text)}`);
  return true;
}

/** A value that means nothing is `undefined` in some place, and equals none that was read. */
function meaningOf(value: NeighbourChange | Route): string {
  if ('change' in value) {
    const { address, mac: of, interface: name } = value.entry;
    return [value.change, parseIp(address), value.change === 'set' ? parseMac(of) : 'any', name].join(' ');
  }
  const { med, interface: name } = value;
  if (value.family === 'ipv4') return ['ipv4', parseIpv4(value.address), name, med].join(' ');
  return ['ipv6', parseIpv6Prefix(value.prefix), parseIpv6(value.nextHop), name, med].join(' ');
}

const mac = '52:54:00:00:00:16' as MacAddress;
const entry = { interface: 'vlan16', address: 'fe80::5054:ff:fe00:16' as IpAddress, mac };
const changesOn = (name: string): readonly NeighbourChange[] => [
  { change: 'set', entry: { ...entry, interface: name } },
  { change: 'set', entry: { ...entry, interface: name, address: '198.51.100.16' as IpAddress } },
  { change: 'remove', entry: { ...entry, interface: name } },
];
const routes: readonly Route[] = [
  {
    family: 'ipv6',
    prefix: '2001:db8:16::/48' as Ipv6Prefix,
    nextHop: 'fe80::16' as Ipv6Address,
    interface: 'vlan16',
    med: 0,
  },
  { family: 'ipv4', address: '198.51.100.16' as Ipv4Address, interface: 'eth0.16', med: 7 },
];

describe('a value that is not what its type says', () => {
  it.each(neighbourRenderers)('is refused or written as it is, in a neighbour entry ($name)', (renderer) => {
    const name = renderer.interfacePattern.replace('{vlan}', '16');
    const changes = changesOn(name);
    for (const change of changes) expect(holds(renderer, change)).toBe(true);
    let written = 0;
    withStrings(200_000, (number) => {
      for (let round = 0; round < stringsPerRun; round++) {
        const change = changes[round % changes.length] ?? changes[0];
        if (change === undefined) continue;
        const field = (['interface', 'address', 'mac'] as const)[number(change.change === 'set' ? 3 : 2)] ?? 'address';
        const forged = { ...change.entry, [field]: hostileString(change.entry[field], number) };
        if (holds(renderer, { ...change, entry: forged })) written++;
      }
    });
    expect(written).toBeGreaterThan(100); // some of them are right by chance: the law is not held by refusing everything
  });

  it.each(routeRenderers)('is refused or written as it is, in a route ($name)', (renderer) => {
    for (const route of routes) expect(holds(renderer, route)).toBe(true);
    let written = 0;
    withStrings(200_000, (number) => {
      for (let round = 0; round < stringsPerRun; round++) {
        const route = routes[round % routes.length];
        if (route === undefined) continue;
        const fields =
          route.family === 'ipv6' ? (['prefix', 'nextHop', 'interface'] as const) : (['address', 'interface'] as const);
        const field = fields[number(fields.length)] ?? 'interface';
        const valid = String((route as unknown as Record<string, unknown>)[field]);
        if (holds(renderer, { ...route, [field]: hostileString(valid, number) })) written++;
      }
    });
    expect(written).toBeGreaterThan(100);
  });
});

const caller = { callerId: 't', scopes: ['publisher', 'operator', 'link-source'], source: 'urn:billing:eu' };
const now = Date.parse('2026-03-01T12:00:00Z');
const types = (Object.keys(eventExamples) as PublishedType[]).filter(
  (type) => !/Removed|Suspended|Retired|Released|Cancelled|LinkDown/.test(type),
);
/** Facts that make a device hold something of the server the examples are about. */
const story: readonly PublishedType[] = [
  'GatewayDeclared',
  'ServerAdded',
  'Ipv6PrefixAssigned',
  'Ipv4AddOnBought',
  'LinkUp',
];

/** Every parser a published field passes, a value it takes, and the only characters of what comes out. */
const parsers: readonly (readonly [string, (text: unknown) => string | undefined, string, RegExp])[] = [
  ['serverId', parseServerId, 'srv-16', /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/],
  ['addOnId', parseAddOnId, 'ip-1', /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/],
  ['switch', parseSwitchName, 'leaf1', /^[a-z0-9][a-z0-9._-]{0,62}$/],
  ['port', parsePort, 'leaf1:Ethernet16', /^[a-z0-9][a-z0-9._-]{0,62}:[A-Za-z0-9][A-Za-z0-9._:/-]{0,62}$/],
  ['mac', parseMac, '52:54:00:00:00:16', /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/],
  ['linkLocal', parseIpv6, 'fe80::5054:ff:fe00:16', /^[0-9a-f:]{2,39}$/],
  ['address', parseIpv4, '198.51.100.16', /^\d{1,3}(?:\.\d{1,3}){3}$/],
  ['gateway address', parseIp, '2001:db8::1', /^[0-9a-f:.]{2,45}$/],
  ['prefix', parseIpv6Prefix, '2001:db8:16::/48', /^[0-9a-f:]{2,39}\/\d{1,3}$/],
];

describe('a string that is published', () => {
  it.each(parsers)('is no %s, or becomes one in its one spelling', (_field, parse, valid, shape) => {
    let taken = 0;
    withStrings(200_000, (number) => {
      for (let round = 0; round < stringsPerRun; round++) {
        const text = hostileString(valid, number);
        const value = parse(text);
        if (value === undefined) continue;
        taken++;
        if (!shape.test(value) || parse(value) !== value)
          throw new Error(`${JSON.stringify(text)} becomes ${JSON.stringify(value)}`);
      }
    });
    expect(taken).toBeGreaterThan(100);
  });

  it('is refused at the door, or what comes of it on every device is exactly what the map grants', () => {
    let accepted = 0;
    let lines = 0;
    withStrings(10_000, (number) => {
      const fold = new LogFold();
      let ordinal = -1;
      const store = (value: unknown): boolean => {
        const checked = checkEvent(value, caller, now);
        if (checked.refused) return false;
        ordinal++;
        const { stream, event } = checked;
        const metadata = { ...event.metadata, recordedAt: event.metadata.time };
        const place = { stream, revision: ordinal, position: String(ordinal), ordinal };
        fold.fold({ ...event, ...place, metadata });
        return true;
      };
      for (const type of story) expect(store(exampleEvent(type))).toBe(true);
      for (let round = 0; round < stringsPerRun; round++) if (store(forged(number, round))) accepted++;
      for (const switchName of ['leaf1', 'leaf1a']) {
        const wantedOn = (interfacePattern: string): ReturnType<typeof desiredState> =>
          desiredState(fold.map, { switch: switchName, interfacePattern, med: 7 });
        for (const renderer of neighbourRenderers)
          for (const { interface: name, address, mac: of } of wantedOn(renderer.interfacePattern).neighbours)
            if (holds(renderer, { change: 'set', entry: { interface: name, address, mac: of } })) lines++;
            else throw new Error(`${renderer.name} refuses ${address} of the map`);
        for (const renderer of routeRenderers)
          for (const route of wantedOn(renderer.interfacePattern).routes)
            if (holds(renderer, bare(route))) lines++;
            else throw new Error(`${renderer.name} refuses a route of the map on ${route.interface}`);
      }
    });
    expect(accepted).toBeGreaterThan(1_000);
    expect(lines).toBeGreaterThan(20);
  });

  /** The example of a type with one field otherwise. */
  function forged(number: (limit: number) => number, round: number): Record<string, unknown> {
    const type = types[number(types.length)] ?? 'ServerAdded';
    const example = eventExamples[type];
    const fields = Object.keys(example.data);
    const field = fields[number(fields.length)] ?? '';
    const valid = example.data[field];
    const spoilt = (one: unknown): unknown => {
      const text = hostileString(String(one), number);
      return typeof one === 'number' && number(2) === 0 ? Number(text) : text;
    };
    const value = Array.isArray(valid)
      ? valid.map((one, index) => (index === 0 ? spoilt(one) : (one as unknown)))
      : spoilt(valid);
    const data = { ...example.data, [field]: value };
    const subject =
      ['serverId', 'switch', 'port'].includes(field) && example.data[field] === example.subject
        ? value
        : example.subject;
    return exampleEvent(type, { id: `f-${round}`, subject, data });
  }

  function bare(route: ReturnType<typeof desiredState>['routes'][number]): Route {
    const { interface: name, med } = route;
    return route.family === 'ipv6'
      ? { family: 'ipv6', prefix: route.prefix, nextHop: route.nextHop, interface: name, med }
      : { family: 'ipv4', address: route.address, interface: name, med };
  }
});

describe('a string in the configuration', () => {
  const device = {
    name: 'leaf1',
    interfacePattern: 'vlan{vlan}',
    ports: { 'leaf1:Ethernet16': 'vlan16' },
    driver: { kind: 'linux', netns: 'sw' },
    bgp: {
      kind: 'bird',
      socket: 's',
      include4: 'a',
      include6: 'b',
      confFile: 'c',
      protocol4: 'billing4',
      protocol6: 'billing6',
    },
  };
  /** The words that come to stand in a command or a configuration of a device. */
  const word = /^[A-Za-z0-9_][A-Za-z0-9._/:@+-]{0,254}$/;

  it('is refused, or is one plain word wherever it reaches a device', () => {
    let accepted = 0;
    withStrings(4_000, (number) => {
      for (let round = 0; round < stringsPerRun; round++) {
        const fields = ['name', 'interfacePattern', 'port', 'interface', 'netns', 'protocol4', 'protocol6'] as const;
        const field = fields[number(fields.length)] ?? 'name';
        const spoil = (name: (typeof fields)[number], valid: string): string =>
          field === name ? hostileString(valid, number) : valid;
        const spoilt = {
          ...device,
          name: spoil('name', device.name),
          interfacePattern: spoil('interfacePattern', device.interfacePattern),
          ports: { [spoil('port', 'leaf1:Ethernet16')]: spoil('interface', 'vlan16') },
          driver: { kind: 'linux', netns: spoil('netns', 'sw') },
          bgp: { ...device.bgp, protocol4: spoil('protocol4', 'billing4'), protocol6: spoil('protocol6', 'billing6') },
        };
        const config = parsed({ gateways: [{ switch: 'leaf1', devices: [spoilt] }] });
        const [taken] = config?.gateways[0]?.devices ?? [];
        if (taken === undefined) continue;
        accepted++;
        const words = [
          taken.name,
          taken.interfacePattern.replace('{vlan}', '16'),
          ...Object.values(taken.ports),
          taken.driver.netns,
          taken.bgp?.protocol4,
          taken.bgp?.protocol6,
        ];
        for (const one of words)
          if (one === undefined || !word.test(one)) throw new Error(`${field}: ${JSON.stringify(one)} was taken`);
      }
    });
    expect(accepted).toBeGreaterThan(100);
  });

  function parsed(json: unknown): ReturnType<typeof parseConfig> | undefined {
    try {
      return parseConfig(json, 'some.json');
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  }
});
