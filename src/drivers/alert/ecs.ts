import { isIP } from 'node:net';
import type { AlertItem, AlertMessage } from './alert.port.js';
import { severityNumber } from './severity-number.js';
import { techniqueOf } from './techniques.js';

/** The version of the Elastic Common Schema whose fields are used. */
const ecsVersion = '8.11.0';

/** The first alert of a message as one document of the Elastic Common Schema; `labels.count` says how many it stands for. */
export function ecsOf({ id, count, items: [first] }: AlertMessage): Record<string, unknown> {
  const { kind, at, text, violation, facts } = first;
  const labels = { ...facts, ...labelsOf(first), ...(count > 1 ? { count: String(count) } : {}) };
  return {
    '@timestamp': at,
    ecs: { version: ecsVersion },
    message: count > 1 ? `${count} alerts, the first: ${text}` : text,
    event: {
      kind: 'alert',
      category: ['network'],
      type: ['info'],
      id,
      provider: 'portledger',
      dataset: 'portledger.alerts',
      action: kind,
      severity: severityNumber(first),
      ...(violation === undefined ? {} : { start: violation.firstSeen, end: violation.lastSeen }),
      ...(violation?.url === undefined ? {} : { url: violation.url }),
    },
    ...(violation === undefined ? {} : fieldsOf(violation)),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
}

function fieldsOf(violation: NonNullable<AlertItem['violation']>): Record<string, unknown> {
  const { rule, ruleVersion, etherSource, claimedAddress, switch: switchName, port, vlan, sensor } = violation;
  const ip = claimedAddress !== undefined && isIP(claimedAddress) > 0 ? { ip: claimedAddress } : {};
  const place = {
    ...(port === undefined ? {} : { interface: { name: port.slice(port.indexOf(':') + 1) } }),
    ...(vlan === undefined ? {} : { vlan: { id: String(vlan) } }),
  };
  const technique = techniqueOf(rule);
  return {
    rule: { id: rule, name: rule, version: String(ruleVersion), ruleset: 'portledger' },
    source: { mac: hyphened(etherSource), ...ip },
    observer: { vendor: 'portledger', product: 'portledger', type: 'sensor', name: sensor, ingress: place },
    ...(vlan === undefined ? {} : { network: { vlan: { id: String(vlan) } } }),
    host: { name: switchName },
    ...(technique === undefined ? {} : { threat: threatOf(technique) }),
  };
}

function threatOf({ id, name, subtechnique }: NonNullable<ReturnType<typeof techniqueOf>>): object {
  const below =
    subtechnique === undefined ? {} : { subtechnique: { id: [subtechnique.id], name: [subtechnique.name] } };
  return { framework: 'MITRE ATT&CK', technique: { id: [id], name: [name], ...below } };
}

function labelsOf({ violation }: AlertItem): Record<string, string> {
  if (violation === undefined) return {};
  const { violationId, state, severity, site, attribution, observation, claimedMac, offender, victim } = violation;
  return {
    violation_id: violationId,
    state,
    severity,
    site,
    attribution,
    observation,
    claimed_mac: hyphened(claimedMac),
    ...partyLabels('offender', offender),
    ...partyLabels('victim', victim),
  };
}

function partyLabels(
  name: string,
  party: { serverId: string; customerId?: string } | undefined,
): Record<string, string> {
  if (party === undefined) return {};
  return {
    [`${name}_server_id`]: party.serverId,
    ...(party.customerId === undefined ? {} : { [`${name}_customer_id`]: party.customerId }),
  };
}

/** `52-54-00-00-00-16`, as ECS and RFC 7042 write a MAC. */
function hyphened(mac: string): string {
  return mac.toUpperCase().replaceAll(':', '-');
}
