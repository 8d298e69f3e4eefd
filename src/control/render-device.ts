import { printable, textTable } from '../cli/text-table.js';
import type { Brake } from '../reactors/brakes.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import type { PortLink } from './device-registry.js';

/** A device as the list shows it. */
export type DeviceSummary = Pick<DeviceStatus, 'device' | 'switch' | 'mode' | 'state' | 'entries' | 'routes'>;

/** Every device, a line each. */
export function renderDevices(devices: readonly DeviceSummary[]): string {
  if (devices.length === 0) return 'This engine drives no device: name some under gateways in its configuration.';
  const rows = devices.map((one) => [
    one.device,
    one.switch,
    one.mode,
    one.state,
    String(one.entries),
    String(one.routes),
  ]);
  return textTable([['DEVICE', 'SWITCH', 'MODE', 'STATE', 'ENTRIES', 'ROUTES'], ...rows]);
}

/** One device as an operator needs it: what is wrong and the cure first, then the plan. */
export function renderDevice(status: DeviceStatus & { readonly links?: readonly PortLink[] }): string {
  const { device, mode, state, entries, routes, stamp, error } = status;
  const driven =
    stamp === undefined ? 'never driven by an engine' : `driven up to #${stamp.ordinal} of log ${stamp.logId}`;
  return [
    `Device ${printable(device)} (switch ${printable(status.switch)}): mode ${mode}, ${state}`,
    `${entries} entries and ${routes} routes of ours; ${driven}`,
    ...(error === undefined ? [] : [`FAILING  ${printable(error)}`]),
    ...brakeLines(status),
    '',
    ...planLines(status),
    ...section(
      'Links that may be otherwise than they were last stored',
      linkTroubles(status.links ?? []),
      (cells) => cells,
    ),
    ...foundLines(status),
  ].join('\n');
}

/** What a look found that is no line of the plan. */
export function foundLines({
  withheld,
  quiet,
  foreign,
  preflight,
  fenced,
}: Pick<DeviceStatus, 'withheld' | 'quiet' | 'foreign' | 'preflight' | 'fenced'>): string[] {
  return [
    ...preflightLines(preflight),
    ...section('Withheld: sold, but not to be on the device', withheld, (one) => [one.serverId, one.what, one.reason]),
    ...section('Quiet: granted routes that are not announced now', quiet, (one) => [
      one.serverId,
      one.route,
      one.reason,
    ]),
    ...section('Fenced: announced elsewhere now, and perhaps still here', fenced ?? [], (one) => [
      one.destination,
      `now at ${one.announcedAt}`,
    ]),
    ...section('Foreign: entries of somebody else, never changed', foreign, (one) => [
      one.address,
      one.interface,
      one.mac,
    ]),
  ];
}

/** What holds a device, and the cure. */
export function brakeLines({ brake }: Pick<DeviceStatus, 'brake'>): string[] {
  if (brake === undefined) return [];
  const word = brake.code === 'frozen' ? 'FROZEN ' : 'BRAKED ';
  return [
    `${word}  ${brake.code === 'frozen' ? '' : `${brake.code}: `}${printable(brake.detail)}`,
    `         ${cures[brake.code]}`,
  ];
}

const anotherLog = 'Start the engine on the log that drove this device (dataDir), or restore that log.';
const askBilling = 'Look whether billing meant to take so much away at once; facts that were wrong can be corrected.';
const cures: Readonly<Record<Brake['code'], string>> = {
  frozen:
    'NOTHING IS WRITTEN, no withdrawal either. When the reason is gone, an operator lets it go on: portledger resume',
  'log-empty': anotherLog,
  'other-log': anotherLog,
  'log-behind': anotherLog,
  'stamp-missing': "Put the device's state file back, or look at what it holds before you apply the plan.",
  'first-plan': 'Look at each line and apply the plan: from then on the engine does it by itself.',
  'removal-limit': askBilling,
  'removal-rate': askBilling,
  'change-budget': 'It needs nobody; a limit that is too low for you is changed under brakes in the configuration.',
  canary: 'It goes on when that device was read back; until then an operator may apply this plan.',
};

function planLines({ plan, planHash, mode, brake, device }: DeviceStatus): string[] {
  if (planHash === undefined) return ['No plan yet: the engine has not read the device.'];
  const adds = plan.filter(({ change }) => change === 'add').length;
  const observed = mode === 'observe' ? ' (only observed, nothing is written)' : '';
  const size = plan.length === 0 ? 'nothing to do' : `${adds} to add, ${plan.length - adds} to remove`;
  const waits = mode === 'propose' && plan.length > 0 ? true : mode === 'enforce' && brake !== undefined;
  return [
    `Plan ${planHash}: ${size}${observed}${plan.length === 0 ? '.' : `; see portledger plan ${printable(device)}`}`,
    ...(waits ? [`It waits for an operator: portledger apply ${planHash}`] : []),
  ];
}

/** What failed with its cure, and what could not be seen; of what passed only the number. */
function preflightLines(preflight: DeviceStatus['preflight']): string[] {
  if (preflight === undefined || preflight.length === 0) return [];
  const count = (result: string): number => preflight.filter((one) => one.result === result).length;
  const head = `Preflight: ${count('pass')} checks pass, ${count('fail')} fail, ${count('unknown')} cannot be made`;
  const failed = preflight.filter(({ result }) => result === 'fail');
  const rows = failed.map(({ check, interface: name, found, cure = 'none known' }) => [
    'FAIL',
    name ?? 'device',
    check,
    `${found}; cure: ${cure}`,
  ]);
  // What a kind of device does not show, it shows on no interface: one line is enough.
  const unseen = new Map<string, { check: string; found: string; on: string[] }>();
  for (const { check, interface: name = 'device', result, found } of preflight) {
    if (result !== 'unknown') continue;
    const known = unseen.get(`${check} ${found}`) ?? { check, found, on: [] };
    known.on.push(name);
    unseen.set(`${check} ${found}`, known);
  }
  for (const { check, found, on } of unseen.values())
    rows.push(['unknown', on.length === 1 ? (on[0] ?? '') : `${on.length} interfaces`, check, found]);
  return rows.length === 0 ? ['', head] : ['', head, textTable(rows, '  ')];
}

function linkTroubles(links: readonly PortLink[]): string[][] {
  return links.flatMap(({ port, up, stale, held }) => {
    const state = up === undefined ? 'never reported' : up ? 'up' : 'down';
    return [
      ...stale.map(({ device, since, reason }) => [
        port,
        state,
        `stale: ${device} cannot be read since ${since} (${reason})`,
      ]),
      ...(held === undefined ? [] : [[port, state, held]]),
    ];
  });
}

function section<Row>(title: string, rows: readonly Row[], cells: (row: Row) => readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', title, textTable(rows.map(cells), '  ')];
}
