import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppConfig } from './app-config.js';
import { checkAcross } from './check-across.js';
import { withAbsolutePaths } from './connection-string.js';
import { checkShape, fillShape, type ShapeProblem, showValue } from './shape.js';

const defaultFile = 'portledger.json';

/** A configuration that cannot be used: names the file, the JSON path, what was found and what was expected. */
export class ConfigError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly ShapeProblem[],
  ) {
    super(
      problems
        .map(({ pointer, found, expected }) => `${file}: ${pointer || '/'}: found ${found}, expected ${expected}`)
        .join('\n'),
    );
    this.name = 'ConfigError';
  }
}

/**
 * Reads the configuration: the file given, else the one PORTLEDGER_CONFIG names, else ./portledger.json where it exists, else defaults.
 * Throws a ConfigError for a file that is missing, is not JSON, or has any value not as expected.
 */
export function loadConfig(path?: string): AppConfig {
  const named = path ?? process.env['PORTLEDGER_CONFIG'];
  if (named === undefined && !existsSync(defaultFile)) return parseConfig({}, defaultFile);
  const file = named ?? defaultFile;
  return parseConfig(readJson(file), file);
}

/** The configuration that parsed JSON means; `file` names it in errors and is where relative paths start. */
export function parseConfig(json: unknown, file: string): AppConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ConfigError(file, [{ pointer: '', found: showValue(json), expected: 'a JSON object' }]);
  }
  const problems: ShapeProblem[] = [];
  const config = fillShape(AppConfig, json, problems);
  problems.push(...checkShape(config));
  if (problems.length === 0) problems.push(...checkAcross(config));
  if (problems.length > 0) throw new ConfigError(file, problems);
  makePathsAbsolute(config, dirname(resolve(file)));
  return config;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const found = `no file that can be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    throw new ConfigError(file, [
      { pointer: '', found, expected: 'a configuration file; name another with --config or PORTLEDGER_CONFIG' },
    ]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(file, [
      { pointer: '', found: `text that is not JSON (${(error as Error).message})`, expected: 'a JSON object' },
    ]);
  }
}

function makePathsAbsolute(config: AppConfig, base: string): void {
  const absolute = (path: string): string => resolve(base, path);
  config.dataDir = absolute(config.dataDir);
  config.tokensFile = absolute(config.tokensFile);
  config.usersFile = absolute(config.usersFile);
  if (config.oidc?.clientSecretFile !== undefined)
    config.oidc.clientSecretFile = absolute(config.oidc.clientSecretFile);
  config.eventStore = withAbsolutePaths(config.eventStore, absolute);
  if (config.eventStoreCredentialsFile !== undefined)
    config.eventStoreCredentialsFile = absolute(config.eventStoreCredentialsFile);
  if (config.evidence.directory !== undefined) config.evidence.directory = absolute(config.evidence.directory);
  if (config.console.layouts !== undefined) config.console.layouts = absolute(config.console.layouts);
  if (config.comparison !== undefined) config.comparison.file = absolute(config.comparison.file);
  const { checkpoints } = config;
  if (checkpoints !== undefined) {
    checkpoints.keyFile = absolute(checkpoints.keyFile);
    if (checkpoints.file !== undefined) checkpoints.file = absolute(checkpoints.file);
    const { webhook } = checkpoints;
    if (webhook?.secretFile !== undefined) webhook.secretFile = absolute(webhook.secretFile);
  }
  for (const { webhook, syslog, mail } of config.alerts.destinations) {
    if (webhook !== undefined) webhook.secretFiles = webhook.secretFiles.map(absolute);
    for (const one of [webhook, syslog, mail]) if (one?.caFile !== undefined) one.caFile = absolute(one.caFile);
    if (mail?.passwordFile !== undefined) mail.passwordFile = absolute(mail.passwordFile);
  }
  const smtp = config.report.day?.smtp;
  if (smtp?.caFile !== undefined) smtp.caFile = absolute(smtp.caFile);
  if (smtp?.passwordFile !== undefined) smtp.passwordFile = absolute(smtp.passwordFile);
  for (const sensor of config.sensors) if (sensor.file !== undefined) sensor.file = absolute(sensor.file);
  for (const listener of config.hints) {
    if (listener.communityFile !== undefined) listener.communityFile = absolute(listener.communityFile);
    if (listener.usersFile !== undefined) listener.usersFile = absolute(listener.usersFile);
  }
  for (const device of config.gateways.flatMap((gateway) => gateway.devices)) {
    if (device.stateFile !== undefined) device.stateFile = absolute(device.stateFile);
    const { bgp, dhcp, ra } = device;
    if (ra !== undefined) [ra.file, ra.pidFile] = [absolute(ra.file), absolute(ra.pidFile)];
    if (dhcp?.socket4 !== undefined) dhcp.socket4 = absolute(dhcp.socket4);
    if (dhcp?.socket6 !== undefined) dhcp.socket6 = absolute(dhcp.socket6);
    for (const key of ['socket', 'include4', 'include6', 'confFile'] as const) {
      const path = bgp?.[key];
      if (bgp !== undefined && path !== undefined) bgp[key] = absolute(path);
    }
  }
}
