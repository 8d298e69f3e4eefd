import { printable, shortInstant } from '../cli/text-table.js';
import type { MacVendor } from './mac-vendor.js';
import type { OffenderView, VictimView, ViolationDetail } from './violation-detail.js';
import type { Renumbered } from './violation-view.js';
import type { DeviceWord } from './witnesses.js';

/** One character for each eighth of the tallest hour; a dot for an hour without frames. */
const bars = '▁▂▃▄▅▆▇█';

/** All that is known of a violation, for a terminal: whatever the log holds, no character of it acts there. */
export function renderDetail(detail: ViolationDetail): string {
  const { violation, day, customer, evidence, devices, sensor, containment } = detail;
  const { violationId, rule, severity, state, renumbering, count, firstSeen, lastSeen } = violation;
  const lines: (readonly [name: string, text: string])[] = [
    ['violation', `${violationId}  ${severity}  ${rule}  ${state}`],
    ['why', detail.why],
    [
      'heard',
      `${count} frames from ${shortInstant(firstSeen)} to ${shortInstant(lastSeen)} by ${sensor.name}${sensorWords(sensor)}`,
    ],
    ['last 24 h', `${dayBars(day.frames)}${day.exact ? '' : ' (about)'}`],
    ['by', offenderWords(detail.offender)],
    ...detail.offender.macs.map(({ mac, as, vendor }) => ['', `${mac} (${as}): ${vendorWords(vendor)}`] as const),
    ['against', victimWords(detail.victim)],
    ...(renumbering === undefined ? [] : [['renumbering', renumberingWords(renumbering)] as const]),
    ...(customer === undefined
      ? []
      : [['customer', `${customer.customerId}: ${customer.count} other violations in 30 days`] as const]),
    ['evidence', evidence === undefined ? 'none kept' : `${evidence.frames} frames: ${evidence.href}`],
    ...[...devices.ofVictim, ...devices.ofOffender].map((one) => ['device', deviceWords(one)] as const),
    ...(devices.guards ?? []).map(
      ({ device, port, effect, frames }) => ['guard', `${device} ${effect} at ${port}: ${frames} frames`] as const,
    ),
    ...devices.written.lines.map(
      ({ at, device, change, line, readBack }) =>
        ['written', `${shortInstant(at)} ${device} ${change === 'add' ? '+' : '-'} ${line} (${readBack})`] as const,
    ),
    ...(containment === undefined ? [] : [['containment', containmentWords(containment)] as const]),
  ];
  return lines.map(([name, text]) => `${name.padEnd(12)}${printable(text)}`.trimEnd()).join('\n');
}

function renumberingWords({ renumberingId: id, serverId, from, to, prefix, state }: Renumbered): string {
  const which =
    prefix === 'old'
      ? `${from} is the old prefix of ${serverId}, which goes to ${to}`
      : `${to} is the new prefix of ${serverId}, which comes from ${from}`;
  return `${which}: ${state} (portledger renumber show ${id})`;
}

function dayBars(frames: readonly number[]): string {
  const tallest = Math.max(1, ...frames);
  return frames.map((one) => (one === 0 ? '·' : bars[Math.ceil((one / tallest) * bars.length) - 1])).join('');
}

function offenderWords({ isFact, serverId, customerId, port, switch: switchName, mayBe = [] }: OffenderView): string {
  const where = port ?? switchName;
  if (!isFact) return `not known for a fact; perhaps ${[...mayBe, where].join(', ')}`;
  if (serverId === undefined) return `${where}, which was sold to nobody`;
  return `${serverId}${customerId === undefined ? '' : ` of ${customerId}`} on ${where}`;
}

function victimWords(victim: VictimView | undefined): string {
  if (victim?.gateway) return 'the gateway';
  if (victim?.serverId === undefined) return 'nobody in particular';
  const { serverId, customerId, now } = victim;
  const of = customerId === undefined ? '' : ` of ${customerId}`;
  const on = now?.port === undefined ? '' : ` on ${now.port}`;
  const sold = [...(now?.addresses ?? []), ...(now?.prefixes ?? [])].join(', ');
  return `${serverId}${of}${on}${sold === '' ? '' : `, sold ${sold}`}`;
}

function vendorWords(vendor: MacVendor): string {
  switch (vendor.kind) {
    case 'assigned':
      return vendor.vendor;
    case 'locally-administered':
      return 'made up by a machine (locally administered)';
    case 'unassigned':
      return 'of no known maker';
  }
}

function deviceWords({ device, mode, entries, missing, confirmed }: DeviceWord): string {
  const held = entries.length === 0 ? 'no entry' : entries.join('; ');
  const lacks = missing.length === 0 ? '' : `; missing: ${missing.join('; ')}`;
  return `${device} (${mode}): ${held}${lacks}${confirmed ? ', confirmed' : ''}`;
}

function sensorWords({ state, reason, lastFrame }: ViolationDetail['sensor']): string {
  if (state === undefined) return ' (not known to this engine)';
  const last = lastFrame === undefined ? '' : `, last frame ${shortInstant(lastFrame)}`;
  return ` (${state}${last}${reason === undefined ? '' : `: ${reason}`})`;
}

function containmentWords(of: NonNullable<ViolationDetail['containment']>): string {
  const since = of.since === undefined ? '' : ` since ${shortInstant(of.since)}`;
  const why = of.reason === undefined ? '' : `: ${of.reason}`;
  return `${of.serverId} ${of.state}${since}${why} (asked ${shortInstant(of.requestedAt)})`;
}
