import { readFileSync } from 'node:fs';
import { isInSurvey, rules } from '../projections/index.js';
import { choicesOf } from './config/alerts-config.js';
import type { AlertDestinationConfig, AppConfig } from './config/app-config.js';
import { didYouMean } from './config/nearest.js';
import type { AlertDriver } from './drivers/alert/alert.port.js';
import { MailAlert } from './drivers/alert/mail.alert.js';
import { SyslogAlert } from './drivers/alert/syslog.alert.js';
import { WebhookAlert } from './drivers/alert/webhook.alert.js';
import type { EngineParts } from './engine-parts.js';
import { mailServerOf } from './mail-server.js';
import type { Metric } from './ops/metrics.js';
import type { AlertDesk } from './reactors/alert-desk.js';
import { AlertFeed } from './reactors/alert-feed.js';
import { AlertJournal } from './reactors/alert-journal.js';
import type { Destination } from './reactors/alert-options.js';
import { AlertReactor } from './reactors/alert.reactor.js';
import { AlertRunner } from './reactors/alert.runner.js';
import { readWebhookSecret } from './read-webhook-secret.js';

/** Messages a minute where the configuration does not say: a person reads the first, a collector the second. */
const usualPerMinute = { webhook: 20, syslog: 600, mail: 1 } as const;

/** A destination asks for a rule that there is none of: it would never be told anything. */
export class UnknownRuleError extends Error {
  constructor(destination: string, rule: string, known: readonly string[]) {
    super(
      `alerts: destination ${destination} asks for rule ${rule}, which there is none of.${didYouMean(rule, known)}`,
    );
    this.name = 'UnknownRuleError';
  }
}

/** Tells every destination of the configuration what it wants to know. Throws an UnknownRuleError. */
export function startAlerts(parts: EngineParts): { close(): Promise<void> } {
  const { config, store, projector, alerts, alertDesk, metrics } = parts;
  const { liveMap } = projector;
  refuseUnknownRules(config);
  metrics.register(failing(alertDesk));
  if (config.alerts.destinations.length === 0) return { close: () => Promise.resolve() };
  const feed = new AlertFeed(store, liveMap);
  const runners = config.alerts.destinations.map((destination) => {
    const reactor = reactorOf(parts, feed, destination);
    const onAlert = (listener: () => void): (() => void) => alerts.onChange(listener);
    const runner = new AlertRunner({ reactor, feed, liveMap, onAlert });
    alertDesk.add(destination.name, { reactor, nudge: () => runner.nudge() });
    return runner;
  });
  feed.start();
  for (const runner of runners) runner.start();
  return {
    close: async () => {
      feed.close();
      await Promise.all(runners.map((runner) => runner.close()));
    },
  };
}

function failing(desk: AlertDesk): Metric {
  return {
    name: 'portledger_alert_destination_failing',
    help: 'Whether a destination did not take the last alert, or is disabled.',
    kind: 'gauge',
    read: () =>
      desk.statuses().map(({ name, state }) => ({
        labels: { destination: name },
        value: state === 'failing' || state === 'disabled' ? 1 : 0,
      })),
  };
}

function reactorOf(parts: EngineParts, feed: AlertFeed, wanted: AlertDestinationConfig): AlertReactor {
  const { config, store, projector, alerts, log, violationIndex } = parts;
  const { liveMap } = projector;
  const now = Date.now;
  const { url } = config.alerts;
  return new AlertReactor({
    destination: destinationOf(wanted),
    driver: driverOf(wanted),
    feed,
    journal: new AlertJournal(store, wanted.name, now),
    rowOf: (violationId) => liveMap.map.violations.get(violationId),
    world: {
      isInSurvey: (site) => isInSurvey(liveMap.map, config.sites, site),
      isMuted: (row, at) => violationIndex.mutes.muting(row, at) !== undefined,
    },
    alerts,
    log,
    ...(url === undefined ? {} : { page: url }),
    now,
    chance: Math.random,
  });
}

function destinationOf(wanted: AlertDestinationConfig): Destination {
  const { name, severity, rules: ofRules, sites, billing, unacknowledgedMinutes, mail, syslog } = wanted;
  const variety = mail !== undefined ? 'mail' : syslog !== undefined ? 'syslog' : 'webhook';
  const perMinute = wanted.messagesPerMinute ?? usualPerMinute[variety];
  return {
    name,
    variety,
    filter: {
      ...{ severity, rules: ofRules, sites, billing },
      choices: unacknowledgedMinutes === undefined ? choicesOf(wanted) : [],
      ...(unacknowledgedMinutes === undefined ? {} : { unacknowledgedMs: unacknowledgedMinutes * 60_000 }),
    },
    // A few at once, so that one event is one message; what is a flood shows soon.
    atOnce: mail === undefined ? Math.max(2, Math.ceil(perMinute / 4)) : 1,
    everyMs: mail === undefined ? 60_000 / perMinute : mail.digestSeconds * 1000,
    ...(mail === undefined ? {} : { digestMs: mail.digestSeconds * 1000 }),
  };
}

function driverOf({ name, webhook, syslog, mail }: AlertDestinationConfig): AlertDriver {
  if (webhook !== undefined) {
    const { url, allow, secretFiles, caFile } = webhook;
    return new WebhookAlert({ url, allow, secrets: () => secretFiles.map(readWebhookSecret), ...caOf(caFile) });
  }
  if (syslog !== undefined) {
    const { host, port, protocol, format, caFile, certificateFingerprint: fingerprint = '' } = syslog;
    const pin = caFile === undefined ? { fingerprint } : { caFile };
    return new SyslogAlert({
      format,
      server: protocol === 'tls' ? { host, port, protocol, pin } : { host, port, protocol },
    });
  }
  if (mail !== undefined) {
    return new MailAlert({ ...mailServerOf(mail), to: mail.to });
  }
  throw new Error(`Destination ${name} is of no variety; the check of the configuration lets none through.`);
}

function caOf(file: string | undefined): { readonly ca?: () => string } {
  return file === undefined ? {} : { ca: () => readFileSync(file, 'utf8') };
}

function refuseUnknownRules({ alerts }: AppConfig): void {
  const known = rules.map((rule) => rule.name);
  for (const { name, rules: asked } of alerts.destinations)
    for (const rule of asked) if (!known.includes(rule)) throw new UnknownRuleError(name, rule, known);
}
