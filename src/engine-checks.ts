import { merge } from 'rxjs';
import type { EngineParts } from './engine-parts.js';

/** Registers what readiness asks of the engine itself, and raises an alert for each stream that freezes. */
export function watchEngine({ store, projector, access, readiness, alerts, log }: EngineParts): { close(): void } {
  const { trouble } = access.tokens;
  if (trouble !== undefined) log.warn('nobody can be let in', { detail: trouble });
  registerChecks({ store, projector, readiness });
  registerAccessChecks({ access, readiness });
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
  const close = (): void => {
    subscription.unsubscribe();
    access.oidc?.close();
  };
  return { close };
}

function registerChecks({ store, projector, readiness }: Pick<EngineParts, 'store' | 'projector' | 'readiness'>): void {
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
    return { ok: true, detail: `The map is live at ordinal ${liveMap.ordinal}.` };
  });
  readiness.register('streams', () => {
    const frozen = liveMap.frozenStreams();
    if (frozen.length === 0) return { ok: true, detail: 'Every stream can be read.' };
    const some = frozen.slice(0, 5).map(({ stream, reason }) => `${stream} (${reason})`);
    return { ok: true, degraded: true, detail: `${frozen.length} frozen: ${some.join('; ')}` };
  });
}

function registerAccessChecks({ access, readiness }: Pick<EngineParts, 'access' | 'readiness'>): void {
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
