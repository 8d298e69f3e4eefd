import { AppConfig, DayReportConfig, MailServerConfig } from '../../../src/config/app-config.js';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { storeFact } from '../../support/publish.js';

const hour = 3_600_000;

/**
 * An engine that mails the day report to a server on this port, six hours after it was due: on a log that began days ago, in
 * which srv-1 was suspended twelve hours ago.
 */
export async function mailingEngine(port: number): Promise<RunningEngine> {
  const at = new Date(Date.now() - 6 * hour).toISOString().slice(11, 16);
  const to = ['noc@example.net', 'soc@example.net'];
  const smtp = { host: '127.0.0.1', port, security: 'none' as const, from: 'portledger@example.net' };
  const day = Object.assign(new DayReportConfig(), { at, to, smtp: Object.assign(new MailServerConfig(), smtp) });
  const { report } = Object.assign(new AppConfig(), { report: { day } });
  const engine = await RunningEngine.start(undefined, { settings: { report } });
  await engine.stopForNow();
  let now = Date.now() - 72 * hour;
  const store = await openEmbeddedStore({ directory: engine.dataDir, now: () => now });
  await storeFact(store, 'ServerResumed', { serverId: 'srv-1' });
  now = Date.now() - 12 * hour;
  await storeFact(store, 'ServerSuspended', { serverId: 'srv-1', reason: 'invoice overdue' });
  await store.close();
  await engine.startAgain();
  return engine;
}
