import { ask, Problem } from '../api.js';
import { may, type Session } from '../session.js';
import type { DeviceList, DevicePlan, DeviceRow, Guard, HistoryPage } from './device-facts.js';

/** Everything the page of a device shows. */
export interface DeviceView {
  readonly row: DeviceRow;
  readonly plan: DevicePlan;
  readonly history: HistoryPage;
  /** Undefined where it has none, or it is not for this reader. */
  readonly guard: Guard | undefined;
}

export const readDevices = (signal: AbortSignal): Promise<DeviceList> => ask('/v1/devices', { signal });

export const historyPath = (device: string, before?: number): string =>
  `/v1/devices/${encodeURIComponent(device)}/history${before === undefined ? '' : `?before=${before}`}`;

/** A plan longer than this is read again only when the list tells of a change. */
const longPlan = 500;

/** The reader of one device. Its read rejects as `ask` does. */
export function deviceReader(device: string, session: Session): (signal: AbortSignal) => Promise<DeviceView> {
  const path = `/v1/devices/${encodeURIComponent(device)}`;
  let hasGuard = may(session, 'GET /v1/devices/{}/guard');
  let known: { readonly told: string; readonly plan: DevicePlan } | undefined;
  return async (signal) => {
    const from = <Answer>(address: string): Promise<Answer> => ask(address, { signal });
    const [{ devices }, history, guard] = await Promise.all([
      readDevices(signal),
      from<HistoryPage>(historyPath(device)),
      hasGuard ? from<Guard>(`${path}/guard`).catch(noGuard) : undefined,
    ]);
    if (guard === undefined) hasGuard = false;
    const row = devices.find((one) => one.device === device);
    // The list does not name it: the refusal says what there is.
    if (row === undefined) throw new Problem(404, 'unknown-device', `There is no device ${device}.`, {});
    const told = JSON.stringify(row);
    const plan =
      known !== undefined && known.told === told && known.plan.lines.length > longPlan
        ? known.plan
        : await from<DevicePlan>(`${path}/plan`);
    known = { told, plan };
    return { row, plan, history, guard };
  };
}

function noGuard(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'no-guard') return undefined;
  throw error;
}
