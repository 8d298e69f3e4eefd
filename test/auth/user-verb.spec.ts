import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteSignIn } from '../../src/auth/last-sign-ins.js';
import { PasswordCheck } from '../../src/auth/password.js';
import { readUsers } from '../../src/auth/users-file.js';
import { type CommandIo, exitCode } from '../../src/cli/command.js';
import { runCli } from '../../src/cli/run-cli.js';
import { putUser } from './local-user.js';
import { verbs } from '../../src/cli/verbs.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-users-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'users.json');
beforeEach(() => rmSync(file, { force: true }));

const secret = 'correct horse battery';
let files = 0;
function fileOf(text: string): string {
  const path = join(directory, `password-${files++}`);
  writeFileSync(path, text);
  return path;
}

async function user(...args: string[]) {
  const written = { out: '', err: '' };
  const io: CommandIo = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    errIsTerminal: false,
    env: {},
    stdin: (async function* () {})(),
  };
  return { code: await runCli(verbs, ['user', ...args, '--file', file], io), ...written };
}

const add = (name: string, role = 'viewer', text = `${secret}\n`) =>
  user('add', name, '--role', role, '--password-file', fileOf(text));

describe('portledger user', () => {
  it('adds a user to a file that only its owner may read, and that holds no password', async () => {
    expect(await add('anna', 'viewer,security-analyst')).toMatchObject({ code: exitCode.ok, out: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
    const [anna] = readUsers(file);
    expect(anna).toMatchObject({ name: 'anna', roles: ['viewer', 'security-analyst'] });
    expect(await new PasswordCheck().fits(secret, anna?.passwordHash)).toBe(true);
  });

  it('changes password, roles and state of one user, and removes it', async () => {
    await putUser(file, 'anna', ['viewer']);
    await putUser(file, 'berta', ['admin']);
    const [before, other] = readUsers(file);
    expect((await user('passwd', 'anna', '--password-file', fileOf('another long password'))).code).toBe(exitCode.ok);
    expect((await user('roles', 'anna', '--role', 'auditor')).code).toBe(exitCode.ok);
    expect((await user('disable', 'anna')).code).toBe(exitCode.ok);
    const [after] = readUsers(file);
    expect(after).toMatchObject({ roles: ['auditor'], isDisabled: true, createdAt: before?.createdAt });
    expect(after?.passwordHash).not.toBe(before?.passwordHash);
    expect((await user('enable', 'anna')).code).toBe(exitCode.ok);
    expect(readUsers(file)[0]?.isDisabled).toBe(false);
    expect((await user('remove', 'anna')).code).toBe(exitCode.ok);
    expect(readUsers(file)).toEqual([other]);
  });

  it('lists users with their last sign-in, and nothing that lets anybody in', async () => {
    await putUser(file, 'anna', ['viewer']);
    await putUser(file, 'berta', ['viewer']);
    noteSignIn(file, 'anna', { at: '2026-03-01T00:00:00.000Z', from: '192.0.2.7' });
    const { out } = await user('list');
    expect(out).toMatch(/^anna +viewer +enabled +2026-03-01T00:00:00.000Z from 192\.0\.2\.7$/m);
    expect(out).toMatch(/^berta +viewer +enabled +never$/m);
    const { out: json } = await user('list', '--json');
    expect(json.trim().split('\n')).toHaveLength(2);
    expect(out + json).not.toContain('argon2');
  });

  it.each([
    ['a name that is none', ['add', 'Anna', '--role', 'viewer'], exitCode.usage],
    ['a name of the form of another place', ['add', 'anna@login.example', '--role', 'viewer'], exitCode.usage],
    ['no role', ['add', 'anna'], exitCode.usage],
    ['a role of programs', ['add', 'anna', '--role', 'publisher'], exitCode.usage],
    ['a role that is none', ['add', 'anna', '--role', 'root'], exitCode.usage],
    ['nobody to ask for the password', ['add', 'anna', '--role', 'viewer'], exitCode.usage],
    ['an unknown user', ['disable', 'nobody'], exitCode.notFound],
    ['a user that is there', ['add', 'there', '--role', 'viewer'], exitCode.conflict],
    ['a password as an argument', ['passwd', 'there', secret], exitCode.usage],
    ['another action', ['delete', 'there'], exitCode.usage],
    ['no action', [], exitCode.usage],
  ])('refuses %s', async (_name, args, code) => {
    await putUser(file, 'there', ['viewer']);
    const before = readFileSync(file, 'utf8');
    expect((await user(...args)).code).toBe(code);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.each([
    ['short', 'too short: at least 12'],
    ['aaaaaaaaaaaaaaaa', 'one character'],
    ['anna-anna-anna', "user's name"],
  ])('refuses the password %s', async (text, why) => {
    const { code, err } = await add('anna', 'viewer', text);
    expect(code).toBe(exitCode.error);
    expect(err).toContain(why);
  });

  it('asks for the password on a terminal without showing it', async () => {
    const command = `'${process.execPath}' dist/src/cli.js user add anna --role viewer --file '${file}'`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      const before = shown;
      shown += text;
      // Typed only once it is asked for: the terminal itself would show what is typed before.
      for (const question of ['Password for anna: ', 'Once more: '])
        if (!before.includes(question) && shown.includes(question)) terminal.stdin.write(`${secret}\r`);
    });
    const code = await new Promise((resolve) => terminal.on('close', resolve));
    expect({ code, shown }).toMatchObject({ code: 0 });
    expect(shown).toContain('is in ');
    expect(shown).not.toContain('horse');
    expect(readUsers(file)).toHaveLength(1);
  });
});
