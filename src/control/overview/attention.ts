import type { DeviceRow } from '../device-row.js';

/** Something that waits for a person, and the page of the console where it is worked, as its address below `/console/`. */
export interface Attention {
  /** Stable name, kebab-case. */
  readonly what:
    | 'critical-violations'
    | 'plan-waits'
    | 'device-frozen'
    | 'device-failing'
    | 'stream-frozen'
    | 'sensor-silent'
    | 'comparison-differs'
    | 'check-failed'
    | 'alert';
  readonly urgency: 'now' | 'soon';
  /** One sentence. */
  readonly text: string;
  /** `overview` where no page says more. */
  readonly page: string;
}

/** What the engine knows that may need somebody. */
export interface Signs {
  readonly devices: readonly DeviceRow[];
  readonly frozenStreams: readonly { readonly stream: string; readonly reason: string }[];
  /** Violations of severity critical that nobody acknowledged. */
  readonly criticalNew: number;
  readonly silentSensors: readonly {
    readonly sensor: string;
    /** The one it listens at, as the configuration says. */
    readonly switch?: string | undefined;
    readonly reason?: string | undefined;
  }[];
  /** Servers that differ between billing's file and the map. */
  readonly comparisonDiffers: number;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly degraded?: boolean;
    readonly detail: string;
  }[];
  readonly alerts: readonly { readonly code: string; readonly key: string; readonly detail: string }[];
}

/** One for each renumbering whose old prefix may go; its key is the id. */
const safeToRemove = 'renumbering-safe-to-remove';

/** Told by a line of its own already. */
const toldOtherwise = new Set([
  'stream-frozen',
  'brake-tripped',
  'device-frozen',
  'device-failing',
  'device-drift',
  'sensor-silent',
  'comparison-differs',
  safeToRemove,
]);
const checksToldOtherwise = new Set(['streams', 'devices', 'sensors']);

/** The switches with ports at which nobody would hear a forged frame. */
const notWatched = 'switches?state=not-watched';

/** How many of one kind are named, and the others counted. */
const most = 5;

/** What needs a human now, the worst first. */
export function attentionTo(signs: Signs): Attention[] {
  const { devices, criticalNew, comparisonDiffers } = signs;
  const found: Attention[] = [];
  const note = (what: Attention['what'], urgency: Attention['urgency'], text: string, page: string): void =>
    void found.push({ what, urgency, text, page });
  for (const { name, detail, ok, degraded } of signs.checks)
    if (!checksToldOtherwise.has(name) && (!ok || degraded === true))
      note('check-failed', ok ? 'soon' : 'now', `${name}: ${detail}`, 'overview');
  if (criticalNew > 0)
    note(
      'critical-violations',
      'now',
      `${counted(criticalNew, 'critical violation')} that nobody acknowledged`,
      'violations?state=new&severity=critical',
    );
  const onDevice = ({ device }: DeviceRow): string => `devices/${encodeURIComponent(device)}`;
  named(
    devices.filter(({ plan }) => plan.waitsFor === 'operator'),
    (device) => {
      const { add, remove } = device.plan;
      const why = device.brake === undefined ? '' : ` (${device.brake.detail})`;
      note(
        'plan-waits',
        'now',
        `${device.device}: a plan waits for approval, +${add} -${remove}${why}`,
        onDevice(device),
      );
    },
    (others) => note('plan-waits', 'now', `${others} more plans wait for approval`, 'devices'),
  );
  named(
    devices.filter(({ state }) => state === 'failing'),
    (device) =>
      note('device-failing', 'now', `${device.device} cannot be driven: ${device.error ?? ''}`, onDevice(device)),
    (others) => note('device-failing', 'now', `${others} more devices cannot be driven`, 'devices'),
  );
  named(
    devices.filter(({ frozen }) => frozen !== undefined),
    (device) =>
      note('device-frozen', 'soon', `${device.device} is frozen: ${device.frozen?.reason ?? ''}`, onDevice(device)),
    (others) => note('device-frozen', 'soon', `${others} more devices are frozen`, 'devices'),
  );
  named(
    signs.frozenStreams,
    ({ stream, reason }) =>
      note('stream-frozen', 'now', `${stream} is frozen: an event cannot be read (${reason})`, 'log'),
    (others) => note('stream-frozen', 'now', `${others} more streams are frozen`, 'log'),
  );
  named(
    signs.silentSensors,
    ({ sensor, reason, switch: name }) =>
      note(
        'sensor-silent',
        'soon',
        `Sensor ${sensor} hears nothing${reason === undefined ? '' : `: ${reason}`}`,
        name === undefined ? notWatched : `switches/${encodeURIComponent(name)}`,
      ),
    (others) => note('sensor-silent', 'soon', `${others} more sensors hear nothing`, notWatched),
  );
  if (comparisonDiffers > 0)
    note(
      'comparison-differs',
      'soon',
      `Billing's file and the map differ in ${counted(comparisonDiffers, 'server')}: portledger comparison names them`,
      'overview',
    );
  named(
    signs.alerts.filter(({ code }) => code === safeToRemove),
    ({ code, key, detail }) => note('alert', 'soon', `${code}: ${detail}`, `renumberings/${encodeURIComponent(key)}`),
    (others) =>
      note('alert', 'soon', `${others} more old prefixes are safe to remove`, 'renumberings?state=safe-to-remove'),
  );
  named(
    signs.alerts.filter(({ code }) => !toldOtherwise.has(code)),
    ({ code, detail }) => note('alert', 'soon', `${code}: ${detail}`, 'overview'),
    (others) => note('alert', 'soon', `${others} more alerts stand; see /readyz`, 'overview'),
  );
  return found.sort((a, b) => Number(a.urgency === 'soon') - Number(b.urgency === 'soon'));
}

function named<One>(all: readonly One[], tell: (one: One) => void, tellOthers: (count: number) => void): void {
  for (const one of all.slice(0, most)) tell(one);
  if (all.length > most) tellOthers(all.length - most);
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
