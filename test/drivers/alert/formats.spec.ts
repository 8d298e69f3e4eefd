import { isIP } from 'node:net';
import { cefOf } from '../../../src/drivers/alert/cef.js';
import { ecsOf } from '../../../src/drivers/alert/ecs.js';
import { item, messageOf, violation } from './sample-alerts.js';

type Check = (value: unknown) => boolean;
const keyword: Check = (value) => typeof value === 'string';
const keywords: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(keyword);
const date: Check = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
const long: Check = (value) => Number.isInteger(value);
const mac: Check = (value) => typeof value === 'string' && /^[0-9A-F]{2}(-[0-9A-F]{2}){5}$/.test(value);
const oneOf =
  (...choices: string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value);
const someOf =
  (...choices: string[]): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(oneOf(...choices));

/** The fields of the Elastic Common Schema 8.11 that may be used, with their documented types and expected values. */
const fields: Readonly<Record<string, Check>> = {
  '@timestamp': date,
  message: keyword,
  'ecs.version': keyword,
  'event.kind': oneOf('alert', 'asset', 'enrichment', 'event', 'metric', 'state', 'pipeline_error', 'signal'),
  'event.category': someOf('network', 'intrusion_detection', 'threat', 'host', 'configuration'),
  'event.type': someOf('access', 'allowed', 'connection', 'denied', 'end', 'info', 'protocol', 'start'),
  'event.id': keyword,
  'event.provider': keyword,
  'event.dataset': keyword,
  'event.action': keyword,
  'event.severity': long,
  'event.start': date,
  'event.end': date,
  'event.url': keyword,
  'rule.id': keyword,
  'rule.name': keyword,
  'rule.version': keyword,
  'rule.ruleset': keyword,
  'source.mac': mac,
  'source.ip': (value) => typeof value === 'string' && isIP(value) > 0,
  'observer.vendor': keyword,
  'observer.product': keyword,
  'observer.type': keyword,
  'observer.name': keyword,
  'observer.ingress.interface.name': keyword,
  'observer.ingress.vlan.id': keyword,
  'network.vlan.id': keyword,
  'host.name': keyword,
  'threat.framework': keyword,
  'threat.technique.id': keywords,
  'threat.technique.name': keywords,
  'threat.technique.subtechnique.id': keywords,
  'threat.technique.subtechnique.name': keywords,
};

function flat(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => flat(one, path === '' ? key : `${path}.${key}`));
}

/** What breaks the schema: a field it does not have, or a value of another type. */
function breaches(document: unknown): string[] {
  return flat(document)
    .filter(([path, value]) => {
      if (/^labels\.[a-z_A-Z]+$/.test(path)) return !keyword(value);
      return !(fields[path] ?? (() => false))(value);
    })
    .map(([path, value]) => `${path}: ${JSON.stringify(value)}`);
}

describe('ECS', () => {
  it('has only fields of the schema, each of its documented type', () => {
    const optional = ['claimedAddress', 'port', 'vlan', 'url', 'offender', 'victim'];
    const needed = Object.entries(violation).filter(([name]) => !optional.includes(name));
    const bare = Object.fromEntries(needed) as unknown as typeof violation;
    const messages = [
      messageOf(),
      messageOf(40),
      messageOf(1, { violation: { ...violation, claimedAddress: '2001:db8::16', rule: 'mac-moved' } }),
      messageOf(1, { violation: bare }),
      {
        ...messageOf(),
        items: [{ kind: 'engine.alert-raised', at: item.at, text: 'x', facts: { code: 'c', about: 'k' } }] as const,
      },
    ];
    expect(messages.flatMap((message) => breaches(ecsOf(message)))).toEqual([]);
    expect(
      breaches({ source: { mac: '52:54:00:00:00:66' }, event: { severity: 'high' }, made: { up: 1 } }),
    ).toHaveLength(3);
  });

  it('names the rule, the MAC with hyphens in upper case, and the technique', () => {
    expect(ecsOf(messageOf())).toMatchObject({
      event: { kind: 'alert', action: 'violation.new', severity: 8 },
      rule: { id: 'address-spoof' },
      source: { mac: '52-54-00-00-00-66', ip: '198.51.100.16' },
      observer: { ingress: { interface: { name: 'Ethernet66' }, vlan: { id: '66' } } },
      threat: { technique: { id: ['T1557'], subtechnique: { id: ['T1557.002'] } } },
      labels: { violation_id: 'v-1', victim_server_id: 'srv-16' },
    });
  });
});

/** CEF as ArcSight's guide says it is read: unescaped bars part the header, unescaped `key=` begins each value. */
function parseCef(line: string): { header: string[]; extension: Record<string, string> } {
  const header: string[] = [];
  let rest = line;
  while (header.length < 7) {
    const [whole = '', part = ''] = /^((?:[^\\|]|\\.)*)\|/.exec(rest) ?? [];
    header.push(part.replace(/\\([\\|])/g, '$1'));
    rest = rest.slice(whole.length);
  }
  const extension: Record<string, string> = {};
  for (const [, key = '', value = ''] of rest.matchAll(/(?:^| )([A-Za-z0-9]+)=((?:[^\\=]|\\.)*?)(?=$| [A-Za-z0-9]+=)/g))
    extension[key] = value.replace(/\\([\\=])/g, '$1');
  return { header, extension };
}

describe('CEF', () => {
  it('is read back as it was said, whatever its texts hold', () => {
    const text = 'claims 1|2 a=b \\ c src=1.2.3.4 |x \\= y\\';
    const { header, extension } = parseCef(cefOf(messageOf(1, { text })));
    expect(header).toEqual(['CEF:0', 'portledger', 'portledger', '1', 'address-spoof', 'violation.new', '8']);
    expect(extension).toMatchObject({
      msg: text,
      src: '198.51.100.16',
      smac: '52:54:00:00:00:66',
      rt: String(Date.parse(item.at)),
      cnt: '1',
      externalId: messageOf().id,
      cs1: 'v-1',
      cs1Label: 'violationId',
      deviceInboundInterface: 'leaf1:Ethernet66',
    });
  });

  it('keeps its header in seven parts, whatever a rule is called', () => {
    const rule = 'a|b\\c\\|d=e';
    const { header, extension } = parseCef(cefOf(messageOf(1, { violation: { ...violation, rule } })));
    expect(header[4]).toBe(rule);
    expect(header.slice(5)).toEqual(['violation.new', '8']);
    expect(extension['cs1']).toBe('v-1');
  });

  it('is one line of ASCII', () => {
    expect(cefOf(messageOf(3, { text: 'a\nb\r\u2028\u202e\u{1F600}' }))).toMatch(/^[\x20-\x7e]+$/);
  });
});
