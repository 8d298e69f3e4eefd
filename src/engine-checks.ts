import { merge } from 'rxjs';
import { measureEngine } from './engine-metrics.js';
import type { EngineParts } from './engine-parts.js';
import { ProjectionProgress } from './projection-progress.js';

/** Behind the log and no event folded for so long: the map stands still, ms. */
const standstillMs = 30_000;

/** Registers what readiness and metrics ask of the engine itself, and raises an alert for each stream that freezes. */
export function watchEngine(parts: EngineParts): { close(): Promise<void> } {
  const { projector, access, alerts, log } = parts;
  const { trouble } = access.tokens;
  if (trouble !== undefined) log.warn('nobody can be let in', { detail: trouble });
  const progress = new ProjectionProgress(parts.store, projector.liveMap);
  const measuring = measureEngine(parts, progress);
  registerChecks(parts, progress);
  registerAccessChecks(parts);
  access.oidc?.lookForProvider();
  /** The parked event that was told of, by stream. */
  const alerted = new Map<string, string>();
  const { liveMap } = projector;
  const subscription = merge(liveMap.changes$, liveMap.events$).subscribe(() => {
    const frozen = new Map(liveMap.frozenStreams().map((one) => [one.stream, one]));
    for (const [stream, { parked, reason }] of frozen) {
      if (alerted.get(stream) === parked.id) continue;
      alerted.set(stream, parked.id);
      const detail = `Event ${parked.id} cannot be read (${reason}); it and all later events of ${stream} are held. See portledger parked show ${stream}.`;
      alerts.raise('stream-frozen', { key: stream, detail, eventId: parked.id });
    }
    for (const stream of alerted.keys()) {
      if (frozen.has(stream)) continue;
      alerted.delete(stream);
      alerts.clear('stream-frozen', stream);
    }
  });
  const close = async (): Promise<void> => {
    subscription.unsubscribe();
    progress.close();
    measuring.close();
    access.oidc?.close();
    await access.close();
  };
  return { close };
}

function registerChecks({ store, projector, devices, readiness }: EngineParts, progress: ProjectionProgress): void {
  const { liveMap } = projector;
  readiness.register('store', () => {
    const { ok, readOnly, detail } = store.health();
    return { ok, degraded: ok && readOnly, detail };
  });
  readiness.register('projector', () => {
    if (projector.distrust !== undefined) return { ok: false, detail: projector.distrust };
    if (projector.trouble !== undefined)
      return { ok: false, detail: `The map does not follow the log: ${projector.trouble}` };
    if (!liveMap.live)
      return { ok: false, detail: `The log is being replayed; ordinal ${liveMap.ordinal} is reached.` };
    const { lagEvents } = progress;
    const quietMs = Date.now() - progress.lastProgressAt;
    if (lagEvents > 0 && quietMs > standstillMs) {
      const stands = `The map stands still at ordinal ${liveMap.ordinal}, ${lagEvents} events behind the log`;
      return { ok: false, detail: `${stands}, for ${Math.round(quietMs / 1000)} s. Restart the engine.` };
    }
    return { ok: true, detail: `The map is live at ordinal ${liveMap.ordinal}, ${lagEvents} events behind the log.` };
  });
  readiness.register('streams', () => {
    const frozen = liveMap.frozenStreams();
    if (frozen.length === 0) return { ok: true, detail: 'Every stream can be read.' };
    const some = frozen.slice(0, 5).map(({ stream, reason }) => `${stream} (${reason})`);
    return { ok: true, degraded: true, detail: `${frozen.length} frozen: ${some.join('; ')}` };
  });
  readiness.register('devices', () => {
    const all = devices.all().map(({ status }) => status);
    const failing = all.filter(({ state }) => state === 'failing');
    if (failing.length > 0) {
      const why = failing.slice(0, 5).map(({ device, error }) => `${device}: ${error ?? 'it cannot be read'}`);
      return { ok: true, degraded: true, detail: `${failing.length} cannot be driven: ${why.join('; ')}` };
    }
    const count = (state: string): number => all.filter((one) => one.state === state).length;
    const states = ['equal', 'differs', 'braked', 'frozen', 'starting'].map((state) => `${count(state)} ${state}`);
    return { ok: true, detail: `${all.length} devices: ${states.join(', ')}.` };
  });
}

function registerAccessChecks({ access, readiness }: EngineParts): void {
  const { tokens, users, oidc } = access;
  readiness.register('tokens', () => {
    const { trouble } = tokens;
    if (trouble === undefined) return { ok: true, detail: 'The tokens file can be read.' };
    return { ok: true, degraded: true, detail: `Nobody can be let in. ${trouble}` };
  });
  readiness.register('users', () => {
    const { trouble, size } = users;
    if (trouble !== undefined) return { ok: true, degraded: true, detail: `No local user can sign in. ${trouble}` };
    return { ok: true, detail: `${size} local users are known.` };
  });
  if (oidc === undefined) return;
  readiness.register('oidc', () => {
    const { trouble } = oidc;
    if (trouble !== undefined) return { ok: true, degraded: true, detail: trouble };
    return { ok: true, detail: 'Nothing is known against the OpenID provider.' };
  });
}
