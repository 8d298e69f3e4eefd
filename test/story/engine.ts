import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashPassword } from '../../src/auth/password.js';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import type { TokenScope } from '../../src/auth/principal.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { writeUsers } from '../../src/auth/users-file.js';
import { loadConfig } from '../../src/config/app-config.js';
import { type Engine, startEngine } from '../../src/main.js';
import { Log } from '../../src/ops/log.js';
import { portName, ports, type Stage, vlanOf } from './stage.js';

const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const startWithinMs = 60_000;

/** Who calls the engine in the story. */
export interface Tokens {
  readonly billing: string;
  readonly operator: string;
  readonly reader: string;
  /** Files that hold the reader's and the operator's token, for the command line. */
  readonly readerFile: string;
  readonly operatorFile: string;
}

/** An engine of the story: where it listens, and how it ends. */
export interface StoryEngine {
  readonly url: string;
  readonly configFile: string;
  /** Process id; undefined where it lives in this one. */
  readonly pid: number | undefined;
  /** kill -9 where it is a process of its own; a stop where it lives in this one. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export const billingSource = 'urn:billing:demo';
export const operatorSource = 'urn:operator:demo';

/** Makes the tokens file of the stage and gives the texts. */
export function makeTokens(stage: Pick<Stage, 'directory'>): Tokens {
  const records: Parameters<typeof writeTokens>[1][number][] = [];
  const make = (name: string, scopes: TokenScope[], source?: string): string => {
    const token = newToken();
    const sha256 = secretHash(token.secret).toString('hex');
    const createdAt = new Date().toISOString();
    records.push({ id: token.id, name, sha256, scopes, createdAt, ...(source === undefined ? {} : { source }) });
    return formatToken(token);
  };
  const tokens = {
    billing: make('billing', ['publisher'], billingSource),
    operator: make('operator', ['operator'], operatorSource),
    reader: make('reader', ['viewer', 'auditor', 'security-analyst']),
    readerFile: join(stage.directory, 'reader.token'),
    operatorFile: join(stage.directory, 'operator.token'),
  };
  writeTokens(join(stage.directory, 'tokens.json'), records);
  writeFileSync(tokens.readerFile, `${tokens.reader}\n`, { mode: 0o600 });
  writeFileSync(tokens.operatorFile, `${tokens.operator}\n`, { mode: 0o600 });
  return tokens;
}

/** Makes somebody who may sign in to the console and work the feed, with a password that nobody has but who is told it here. */
export async function makeReader(
  stage: Pick<Stage, 'directory'>,
): Promise<{ readonly user: string; readonly password: string }> {
  const user = 'demo';
  const password = randomBytes(12).toString('base64url');
  const at = new Date().toISOString();
  const roles = ['security-analyst', 'viewer', 'auditor'] as const;
  const record = { name: user, roles, passwordHash: await hashPassword(password), createdAt: at, passwordSetAt: at };
  writeUsers(join(stage.directory, 'users.json'), [record]);
  return { user, password };
}

/**
 * Starts an engine on the stage with the log in `data` below the stage's directory; `program` is what is run where it is
 * a process of its own.
 */
export async function startStoryEngine(stage: Stage, data: string, program = cli): Promise<StoryEngine> {
  const configFile = writeConfig(stage.directory, data, configOf(stage));
  return stage.inProcess === undefined ? startChild(configFile, program) : startHere(stage, configFile);
}

/** Starts an engine of this configuration as a process of its own, with the log in `data` below the directory. */
export function startEngineProcess(directory: string, data: string, settings: object): Promise<StoryEngine> {
  return startChild(writeConfig(directory, data, settings), cli);
}

function writeConfig(directory: string, data: string, settings: object): string {
  const configFile = join(directory, `${data}.json`);
  const own = { dataDir: `./${data}`, listen: { host: '127.0.0.1', port: 0 } };
  const callers = { tokensFile: './tokens.json', usersFile: './users.json' };
  mkdirSync(join(directory, data), { recursive: true });
  writeFileSync(configFile, JSON.stringify({ ...own, ...callers, ...settings }, null, 2));
  return configFile;
}

function configOf(stage: Stage): object {
  const netns = stage.netns === undefined ? {} : { netns: stage.netns };
  const device = {
    name: 'leaf1',
    mode: 'enforce',
    interfacePattern: 'vlan{vlan}',
    med: 50,
    ports: Object.fromEntries(ports.map((port) => [portName(port), port])),
    stateFile: './leaf1.state.json',
    ...stage.deviceConfig,
  };
  return {
    gateways: [{ switch: 'leaf1', devices: [device] }],
    sensors: ports.map((port) => ({
      name: `leaf1-${port}`,
      switch: 'leaf1',
      interface: port,
      port: portName(port),
      vlan: vlanOf(port),
      ...netns,
    })),
  };
}

async function startChild(configFile: string, program: string): Promise<StoryEngine> {
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', '--', process.execPath, program, 'serve', '--config', configFile, '--log-format', 'json'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const url = await urlOf(child);
  return {
    url,
    configFile,
    pid: child.pid,
    kill: () => endOf(child, 'SIGKILL'),
    stop: () => endOf(child, 'SIGTERM'),
  };
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    const timer = setTimeout(
      () => reject(new Error(`the engine did not start within ${startWithinMs} ms: ${complaint}`)),
      startWithinMs,
    );
    child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4_000)));
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${complaint}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      const url = /listens on (http:\/\/\S+)/.exec(chunk.toString())?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(url);
    });
  });
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

async function startHere(stage: Stage, configFile: string): Promise<StoryEngine> {
  const engine: Engine = await startEngine(loadConfig(configFile), new Log('json', () => {}), stage.inProcess);
  let closed: Promise<void> | undefined;
  const stop = (): Promise<void> => (closed ??= engine.close());
  return { url: engine.url, configFile, pid: undefined, kill: stop, stop };
}

/** Runs a verb of the command line against an engine, and gives what it printed. */
export async function portledger(
  engine: StoryEngine,
  tokenFile: string,
  args: readonly string[],
  endsWith = 0,
): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args, '--url', engine.url, '--token-file', tokenFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let said = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== endsWith) throw new Error(`portledger ${args.join(' ')} ended with ${code}: ${complaint}`);
  return said;
}
