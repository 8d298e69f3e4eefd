import {
  contractOf,
  decodeData,
  type EventData,
  formatInstant,
  parseInstant,
  type PortId,
  switchOf,
  type ViolationDetected,
} from '../../../events/index.js';
import { type NetworkMap, rules } from '../../../projections/index.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { groupIdentityOf, violationIdOf } from '../judge/judge-verdict.js';
import { type VerdictType, verdictTypes } from './verdict-words.js';

/** A verdict that may be stored. */
export type CheckedVerdict = {
  [Type in VerdictType]: {
    readonly type: Type;
    readonly sourceId: string;
    readonly schemaVersion: number;
    readonly time: string;
    readonly data: EventData<Type>;
  };
}[VerdictType];

export type Checked =
  { readonly verdict: CheckedVerdict } | { readonly sourceId: string | undefined; readonly refused: string };

/** How far a sensor's clock may be ahead, ms. */
const clockToleranceMs = 5 * 60_000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const fields = ['sourceId', 'type', 'schemaVersion', 'time', 'data'];

/**
 * May this sensor say this? A sensor speaks for itself and for its own place only, and only in verdicts: whoever takes
 * over its box can lie about that place, and about nothing else.
 * @param violations stored so far, and those accepted before this one that are not in the map yet
 */
export function checkVerdict(
  value: unknown,
  source: CaptureSource,
  violations: (violationId: string) => Pick<ViolationDetected, 'switch' | 'port'> | undefined,
  now: number,
): Checked {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const { sourceId, schemaVersion } = given;
  if (typeof sourceId !== 'string' || !uuid.test(sourceId))
    return { sourceId: undefined, refused: 'sourceId: expected a UUID in lower case' };
  const no = (refused: string): Checked => ({ sourceId, refused });
  const stray = Object.keys(given).find((name) => !fields.includes(name));
  if (stray !== undefined) return no(`${stray.slice(0, 80)}: no such field; expected ${fields.join(', ')}`);
  const type = verdictTypes.find((one) => one === given['type']);
  if (type === undefined) return no(`type: a sensor may send ${verdictTypes.join(', ')}, nothing else`);
  const time = parseInstant(given['time']);
  if (time === undefined) return no('time: expected an RFC 3339 instant');
  if (time > now + clockToleranceMs)
    return no(`time: ${formatInstant(time)} is more than 5 minutes ahead of the engine's clock: set the sensor's`);
  const decoded = decodeData(type, schemaVersion, given['data']);
  if (!decoded.readable) return no(decoded.reason);
  const unknown = Object.keys(given['data'] as object).find((name) => !(name in decoded.data));
  const isNewest = schemaVersion === contractOf(type)?.version;
  if (unknown !== undefined && isNewest) return no(`data.${unknown.slice(0, 80)}: ${type} has no such field`);
  const version = contractOf(type)?.version ?? 1;
  const verdict = {
    type,
    sourceId,
    schemaVersion: version,
    time: formatInstant(time),
    data: decoded.data,
  } as CheckedVerdict;
  const wrong = notItsOwn(verdict, source, violations);
  return wrong === undefined ? { verdict } : no(wrong);
}

/** What is wrong with what a verdict is about; undefined when it is the sensor's own. */
function notItsOwn(
  { type, data }: CheckedVerdict,
  source: CaptureSource,
  violations: Parameters<typeof checkVerdict>[2],
): string | undefined {
  switch (type) {
    case 'ViolationDetected': {
      if (data.sensor !== source.name) return `data.sensor: this is ${source.name}, not ${data.sensor}`;
      if (data.site !== source.site) return `data.site: ${source.name} is at ${source.site}`;
      if (data.attribution !== source.attribution)
        return `data.attribution: ${source.name} knows a port by ${source.attribution}`;
      const identities = identitiesOf(data);
      if (identities.length === 0) return `data.rule: there is no rule ${data.rule.slice(0, 80)}`;
      if (!identities.some((one) => violationIdOf(one) === data.violationId))
        return 'data.violationId: it is not the id of what the verdict is about';
      return elsewhere(data, source);
    }
    case 'ViolationRepeated': {
      const violation = violations(data.violationId);
      return violation === undefined ? 'data.violationId: no such violation is stored' : elsewhere(violation, source);
    }
    case 'MacSeen':
      return elsewhere({ switch: switchOf(data.port), port: data.port }, source);
  }
}

function elsewhere(
  place: { readonly switch: string; readonly port?: PortId | undefined },
  source: CaptureSource,
): string | undefined {
  if (place.switch === source.switch && place.port === source.port) return undefined;
  return `data: ${source.name} hears at ${source.port}, not at ${place.port ?? place.switch}`;
}

/** Every identity that these fields can be of: the frame has two MACs, one of them at fault, or it was told for a group. */
function identitiesOf(data: ViolationDetected): string[] {
  const rule = rules.find((one) => one.name === data.rule);
  if (rule === undefined) return [];
  const { about = 'claim' } = rule;
  const address = about === 'claim' ? (data.claimedAddress ?? null) : null;
  const macs = about === 'port' ? [null] : [data.claimedMac, data.etherSource];
  const place = data.port ?? data.switch;
  return [...macs.map((mac) => JSON.stringify([rule.name, place, address, mac])), groupIdentityOf(rule, place)];
}

/** The violations of a map, as `checkVerdict` asks for them. */
export const violationsIn =
  (map: NetworkMap) =>
  (violationId: string): Pick<ViolationDetected, 'switch' | 'port'> | undefined =>
    map.violations.get(violationId);
