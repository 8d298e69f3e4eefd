import { readFileSync } from 'node:fs';
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
import { textTable } from '../cli/text-table.js';
import { didYouMean } from '../config/nearest.js';
import { AuthFileError } from './auth-file.js';
import { readLastSignIns } from './last-sign-ins.js';
import { hashPassword, passwordTrouble, shortestPassword } from './password.js';
import { type UserRole, userRoles } from './principal.js';
import { askSecret } from './secret-prompt.js';
import { isUserName, readUsers, userNameForm, type UserRecord, writeUsers } from './users-file.js';

const actions = ['add', 'list', 'passwd', 'roles', 'disable', 'enable', 'remove'] as const;
type Action = (typeof actions)[number];

const soon = 'a running engine follows within a second or two';

async function run({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  const [word, name, ...stray] = positionals;
  const action = actions.find((one) => one === word);
  if (action === undefined) {
    const guess = didYouMean(word ?? '', actions);
    throw new CliError(exitCode.usage, `portledger user needs one of ${actions.join(', ')}.${guess}`);
  }
  if (stray.length > 0)
    throw new CliError(exitCode.usage, `portledger user ${action}: found ${stray[0]} after the name.`);
  const file = options.text('file') ?? (await configuredFile(options));
  if (action === 'list') return listUsers(file, options.flag('json'), io);
  if (name === undefined) throw new CliError(exitCode.usage, `Name the user: portledger user ${action} NAME.`);
  return changeUsers(action, name, { file, options, io });
}

async function configuredFile(options: OptionValues): Promise<string> {
  const { loadConfig } = await import('../config/app-config.js');
  return loadConfig(options.text('config')).usersFile;
}

interface Change {
  readonly file: string;
  readonly options: OptionValues;
  readonly io: CommandIo;
}

async function changeUsers(action: Exclude<Action, 'list'>, name: string, change: Change): Promise<ExitCode> {
  const { file, options, io } = change;
  if (action === 'add') return addUser(name, change);
  const user = named(readUsers(file), name, file);
  switch (action) {
    case 'passwd': {
      const password = await newPassword(name, options);
      // A second is the least by which two passwords differ in age: sessions know theirs by it.
      const replaced = { ...user, passwordHash: await hashPassword(password), passwordSetAt: new Date().toISOString() };
      put(file, replaced);
      io.err(`User ${name} has a new password and is signed out everywhere; ${soon}.\n`);
      return exitCode.ok;
    }
    case 'roles': {
      const roles = rolesOf(options);
      put(file, { ...user, roles });
      io.err(`User ${name} is now ${roles.join(', ')}; ${soon}.\n`);
      return exitCode.ok;
    }
    case 'disable':
    case 'enable': {
      put(file, { ...user, isDisabled: action === 'disable' });
      io.err(`User ${name} is ${action}d; ${soon}.\n`);
      return exitCode.ok;
    }
    case 'remove': {
      writeUsers(
        file,
        readUsers(file).filter((one) => one.name !== name),
      );
      io.err(`User ${name} is removed; ${soon}. Its name stays in the log.\n`);
      return exitCode.ok;
    }
  }
}

async function addUser(name: string, { file, options, io }: Change): Promise<ExitCode> {
  if (!isUserName(name)) throw new CliError(exitCode.usage, `NAME: found ${name}, expected ${userNameForm}.`);
  const roles = rolesOf(options);
  if (usersOrNone(file).some((one) => one.name === name))
    throw new CliError(
      exitCode.conflict,
      `There is a user ${name} already. Change it with portledger user passwd or roles.`,
    );
  const passwordHash = await hashPassword(await newPassword(name, options));
  const at = new Date().toISOString();
  // Read again: asking for a password takes a while.
  const others = usersOrNone(file).filter((one) => one.name !== name);
  writeUsers(file, [...others, { name, passwordHash, roles, createdAt: at, passwordSetAt: at }]);
  io.err(`User ${name} (${roles.join(', ')}) is in ${file}.\n`);
  return exitCode.ok;
}

function listUsers(file: string, json: boolean, io: CommandIo): ExitCode {
  const signIns = readLastSignIns(file);
  const users = usersOrNone(file).map(({ name, roles, isDisabled = false, createdAt, passwordSetAt }) => {
    const lastSignIn = signIns[name] ?? null;
    return { name, roles, isDisabled, createdAt, passwordSetAt, lastSignIn };
  });
  if (json) for (const user of users) io.out(`${JSON.stringify(user)}\n`);
  else if (users.length > 0) {
    const rows = users.map(({ name, roles, isDisabled, lastSignIn }) => [
      name,
      roles.join(','),
      isDisabled ? 'disabled' : 'enabled',
      lastSignIn === null ? 'never' : `${lastSignIn.at} from ${lastSignIn.from}`,
    ]);
    io.out(`${textTable([['NAME', 'ROLES', 'STATE', 'LAST SIGN-IN'], ...rows])}\n`);
  }
  return exitCode.ok;
}

/** Replaces one user; the file is read again, for a password may have been asked for meanwhile. */
function put(file: string, user: UserRecord): void {
  writeUsers(
    file,
    readUsers(file).map((one) => (one.name === user.name ? user : one)),
  );
}

function named(users: readonly UserRecord[], name: string, file: string): UserRecord {
  const user = users.find((one) => one.name === name);
  if (user !== undefined) return user;
  const guess = didYouMean(
    name,
    users.map((one) => one.name),
  );
  throw new CliError(exitCode.notFound, `There is no user ${name} in ${file}.${guess} See portledger user list.`);
}

function usersOrNone(file: string): UserRecord[] {
  try {
    return readUsers(file);
  } catch (error) {
    if (error instanceof AuthFileError && error.missing) return [];
    throw error;
  }
}

function rolesOf(options: OptionValues): UserRole[] {
  const words = options.texts('role').flatMap((text) => text.split(','));
  if (words.length === 0)
    throw new CliError(exitCode.usage, `--role is missing: one or more of ${userRoles.join(', ')}.`);
  const roles = words.map((word) => {
    const role = userRoles.find((known) => known === word);
    if (role !== undefined) return role;
    const guess = didYouMean(word, userRoles);
    throw new CliError(exitCode.usage, `--role: found ${word}, expected one of ${userRoles.join(', ')}.${guess}`);
  });
  return [...new Set(roles)];
}

async function newPassword(name: string, options: OptionValues): Promise<string> {
  const file = options.text('password-file');
  const password = file === undefined ? await askTwice(name) : passwordIn(file);
  const trouble = passwordTrouble(password, name);
  if (trouble !== undefined) throw new CliError(exitCode.error, trouble);
  return password;
}

/** The first line of a file. */
function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(exitCode.usage, `--password-file: ${file} cannot be read (${why}).`);
  }
}

async function askTwice(name: string): Promise<string> {
  const terminal = { input: process.stdin, output: process.stderr };
  if (!terminal.input.isTTY)
    throw new CliError(
      exitCode.usage,
      'There is no terminal to ask for the password: name a file with --password-file.',
    );
  const first = await askSecret(`Password for ${name}: `, terminal);
  const again = first === undefined ? undefined : await askSecret('Once more: ', terminal);
  if (again === undefined) throw new CliError(exitCode.interrupted, 'Nothing was changed.');
  if (first !== again) throw new CliError(exitCode.error, 'The two differ; nothing was changed.');
  return again;
}

export const userCommand: Command = {
  usage: [
    'portledger user add NAME --role ROLE[,ROLE] [--password-file FILE]',
    'portledger user list [--json]',
    'portledger user passwd NAME [--password-file FILE]',
    'portledger user roles NAME --role ROLE[,ROLE]',
    'portledger user disable|enable|remove NAME',
  ],
  notes: [
    'Users sign in with a browser; programs call with a token (portledger token). A role opens what the scope of that name does:',
    '  viewer            read the map and the devices',
    '  security-analyst  work the violations',
    '  auditor           ask the audit; read the violations and the devices',
    '  operator          declare gateways; see devices and release their brakes',
    '  admin             see who is signed in, and end sessions; nothing of the above by itself',
    '  containment       with security-analyst: ask billing to suspend the offender of a violation',
    `The password is asked for on the terminal, or is the first line of a file; at least ${shortestPassword} characters.`,
  ],
  exitCodes: ['notFound', 'conflict', 'interrupted'],
  options: {
    role: {
      type: 'string',
      multiple: true,
      value: 'ROLE',
      among: userRoles,
      several: true,
      help: `one or more of ${userRoles.join(', ')}`,
    },
    'password-file': { type: 'string', value: 'FILE', help: 'its first line is the password' },
    file: { type: 'string', value: 'FILE', help: 'users file; default: the one the configuration names' },
    ...configOption,
    json: { type: 'boolean', help: 'list as JSON, one object a line' },
  },
  run,
};
