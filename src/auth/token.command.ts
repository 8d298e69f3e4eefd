import {
  CliError,
  type Command,
  type CommandInput,
  type CommandIo,
  configOption,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../cli/command.js';
import { didYouMean } from '../config/nearest.js';
import { AuthFileError } from './auth-file.js';
import { type TokenScope, tokenScopes } from './principal.js';
import { formatToken, newToken, secretHash } from './token.js';
import { readTokens, type TokenRecord, writeTokens } from './tokens-file.js';

const publishingScopes: readonly TokenScope[] = ['publisher', 'operator', 'link-source'];
const defaultDays = 365;

async function run({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  const [action, ...rest] = positionals;
  const file = options.text('file') ?? (await configuredFile(options));
  switch (action) {
    case 'new':
      return makeToken(file, options, io);
    case 'list':
      return listTokens(file, options.flag('json'), io);
    case 'revoke':
      return revokeToken(file, rest[0], io);
    case undefined:
    default: {
      const guess = didYouMean(action ?? '', ['new', 'list', 'revoke']);
      throw new CliError(exitCode.usage, `portledger token needs one of new, list, revoke.${guess}`);
    }
  }
}

async function configuredFile(options: OptionValues): Promise<string> {
  const { loadConfig } = await import('../config/app-config.js');
  return loadConfig(options.text('config')).tokensFile;
}

function makeToken(file: string, options: OptionValues, io: CommandIo): ExitCode {
  const scopes = options
    .texts('scope')
    .flatMap((text) => text.split(','))
    .map(readScope);
  if (scopes.length === 0)
    throw new CliError(exitCode.usage, `--scope is missing: one or more of ${tokenScopes.join(', ')}.`);
  const source = options.text('source');
  if (source === undefined && scopes.some((scope) => publishingScopes.includes(scope))) {
    throw new CliError(
      exitCode.usage,
      '--source is missing: a token that publishes is bound to one CloudEvents source, such as urn:billing:eu.',
    );
  }
  if (source === '' || (source?.length ?? 0) > 256)
    throw new CliError(exitCode.usage, '--source: expected a URI of 1 to 256 characters.');
  const sensor = sensorOf(scopes, options.text('sensor'));
  const days = options.wholeNumber('days', 1, 365) ?? defaultDays;
  const now = Date.now();
  const token = newToken();
  const record: TokenRecord = {
    id: token.id,
    name: options.text('name') ?? sensor ?? scopes.join('+'),
    sha256: secretHash(token.secret).toString('hex'),
    scopes,
    ...(source === undefined ? {} : { source }),
    ...(sensor === undefined ? {} : { sensor }),
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + days * 86_400_000).toISOString(),
  };
  writeTokens(file, [...tokensOrNone(file), record]);
  io.out(`${formatToken(token)}\n`);
  io.err(`Token ${token.id} (${scopes.join(', ')}) is in ${file} until ${record.expiresAt}. It is shown this once.\n`);
  return exitCode.ok;
}

/** A sensor's token does nothing else: it lies on a box beside the switches, and what it may do is little. */
function sensorOf(scopes: readonly TokenScope[], sensor: string | undefined): string | undefined {
  const isSensor = scopes.includes('sensor');
  if (isSensor && scopes.length > 1)
    throw new CliError(exitCode.usage, '--scope: a token of a sensor has the scope sensor alone; make another one.');
  if (isSensor === (sensor !== undefined)) return sensor;
  const found = isSensor ? 'nothing, expected' : 'it without --scope sensor; it is';
  throw new CliError(exitCode.usage, `--sensor: found ${found} the name of the sensor that the token speaks for.`);
}

function listTokens(file: string, json: boolean, io: CommandIo): ExitCode {
  for (const { id, name, scopes, source, sensor, createdAt, expiresAt } of readTokens(file)) {
    if (json) io.out(`${JSON.stringify({ id, name, scopes, source, sensor, createdAt, expiresAt })}\n`);
    else
      io.out(
        `${id}  ${scopes.join(',').padEnd(20)}  ${(source ?? sensor ?? '-').padEnd(20)}  until ${expiresAt ?? 'it is revoked'}  ${name}\n`,
      );
  }
  return exitCode.ok;
}

function revokeToken(file: string, id: string | undefined, io: CommandIo): ExitCode {
  if (id === undefined) throw new CliError(exitCode.usage, 'Name the token to revoke: portledger token revoke ID.');
  const tokens = readTokens(file);
  const rest = tokens.filter((token) => token.id !== id);
  if (rest.length === tokens.length) {
    const guess = didYouMean(
      id,
      tokens.map((token) => token.id),
    );
    throw new CliError(exitCode.notFound, `There is no token ${id} in ${file}.${guess} See portledger token list.`);
  }
  writeTokens(file, rest);
  io.err(`Token ${id} is revoked; a running engine stops taking it within a second or two.\n`);
  return exitCode.ok;
}

function tokensOrNone(file: string): TokenRecord[] {
  try {
    return readTokens(file);
  } catch (error) {
    if (error instanceof AuthFileError && error.missing) return [];
    throw error;
  }
}

function readScope(text: string): TokenScope {
  const scope = tokenScopes.find((known) => known === text);
  if (scope !== undefined) return scope;
  throw new CliError(
    exitCode.usage,
    `--scope: found ${text}, expected one of ${tokenScopes.join(', ')}.${didYouMean(text, tokenScopes)}`,
  );
}

export const tokenCommand: Command = {
  usage: [
    'portledger token new --scope SCOPE[,SCOPE] [--source URI] [--name NAME] [--days N]',
    'portledger token new --scope sensor --sensor NAME [--days N]',
    'portledger token list [--json]',
    'portledger token revoke ID',
  ],
  notes: [
    'A token may do what its scopes say, and nothing else:',
    '  publisher         publish facts about servers, as billing does',
    '  operator          declare gateways; see devices and release their brakes',
    '  link-source       report links',
    '  viewer            read the map and the devices',
    '  security-analyst  read the violations',
    '  auditor           ask the audit; read the violations and the devices',
    '  admin             see who is signed in, and end sessions',
    '  containment       with security-analyst: ask billing to suspend the offender of a violation',
    '  sensor            follow what judging needs of the map, and send the verdicts of one sensor; alone in its token',
    'The token is written to stdout, once; the file keeps only its hash.',
  ],
  exitCodes: ['notFound'],
  options: {
    scope: {
      type: 'string',
      multiple: true,
      value: 'SCOPE',
      among: tokenScopes,
      several: true,
      help: `one or more of ${tokenScopes.join(', ')}`,
    },
    source: { type: 'string', value: 'URI', help: 'CloudEvents source the token may publish as; needed to publish' },
    sensor: { type: 'string', value: 'NAME', help: 'with --scope sensor: the sensor that it speaks for' },
    name: { type: 'string', value: 'NAME', help: 'what it is for, shown in lists' },
    days: { type: 'string', value: 'N', help: `valid for N days, 1 to 365; default ${defaultDays}` },
    file: { type: 'string', value: 'FILE', help: 'tokens file; default: the one the configuration names' },
    ...configOption,
    json: { type: 'boolean', help: 'list as JSON, one object a line' },
  },
  run,
};
