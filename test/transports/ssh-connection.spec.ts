import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ServerChannel } from 'ssh2';
import { SshConnection, type SshOptions } from '../../src/transports/ssh-connection.js';
import { fingerprintOf, isHostKeyPin } from '../../src/transports/ssh-host-key.js';
import { type SshHost, startSshHost } from '../support/ssh-host.js';

const password = 'correct horse battery staple';

describe('an SSH connection', () => {
  let host: SshHost;
  let directory: string;
  const opened: SshConnection[] = [];

  const onExec = (command: string, channel: ServerChannel): void => {
    if (command === 'hang') return;
    const heard: Buffer[] = [];
    channel.on('data', (chunk: Buffer) => heard.push(chunk));
    channel.on('end', () => {
      channel.write(Buffer.concat([Buffer.from(`${command}: `), ...heard]));
      channel.stderr.write('a complaint');
      channel.exit(3);
      channel.end();
    });
  };
  const onShell = (channel: ServerChannel): void => {
    channel.write('leaf1#');
    channel.on('data', (chunk: Buffer) => channel.write(`${chunk.toString()}ok\r\nleaf1#`));
  };
  const secret = (text: string, mode = 0o600): string => {
    const path = join(directory, `secret-${Math.random().toString(36).slice(2)}`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const open = (more: Partial<SshOptions> = {}): SshConnection => {
    const connection = new SshConnection({
      host: '127.0.0.1',
      port: host.port,
      username: 'portledger',
      hostKeys: [host.hostKey],
      passwordFile: secret(`${password}\n`),
      ...more,
    });
    opened.push(connection);
    return connection;
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portledger-ssh-'));
    host = await startSshHost({ username: 'portledger', password, onExec, onShell });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await host.close();
    rmSync(directory, { recursive: true });
  });

  it('runs a command with its input and hears output, complaints and code apart', async () => {
    const result = await open().exec('greet', { stdin: 'hello\n', deadline: 30_000 });
    expect([result.output.toString(), result.complaints.toString(), result.code]).toEqual([
      'greet: hello\n',
      'a complaint',
      3,
    ]);
  });

  it('uses one connection for everything, also for what is asked at once', async () => {
    const connection = open();
    await Promise.all(['a', 'b', 'c'].map((command) => connection.exec(command, { deadline: 30_000 })));
    await connection.exec('d', { deadline: 30_000 });
    expect(host.connections()).toBe(1);
  });

  it('opens a shell that stays', async () => {
    const shell = await open().shell();
    let heard = '';
    shell.output.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    shell.input.write('show clock\n');
    for (let look = 0; look < 3000 && !heard.includes('ok'); look++) await new Promise((go) => setTimeout(go, 10));
    expect(heard).toBe('leaf1#show clock\nok\r\nleaf1#');
    shell.close();
  });

  it('takes a fingerprint for a pin as well as a key line, and one of several', async () => {
    const wire = Buffer.from(host.hostKey.split(' ')[1] ?? '', 'base64');
    const other = `SHA256:${'A'.repeat(43)}`;
    const connection = open({ hostKeys: [other, fingerprintOf(wire)] });
    expect((await connection.exec('a', { deadline: 30_000 })).code).toBe(3);
  });

  it('tells a host with another key from the pinned one before it says a secret, and names both', async () => {
    const pin = `SHA256:${'B'.repeat(43)}`;
    const asked = open({ hostKeys: [pin] }).exec('a', { deadline: 30_000 });
    await expect(asked).rejects.toMatchObject({ code: 'untrusted' });
    const wire = Buffer.from(host.hostKey.split(' ')[1] ?? '', 'base64');
    await expect(open({ hostKeys: [pin] }).exec('a', { deadline: 30_000 })).rejects.toThrow(
      new RegExp(`ssh-ed25519 ${fingerprintOf(wire).replace(/[+/]/g, '.')}.*pinned is SHA256:B+.*ssh-keygen -lf`),
    );
    const line = ssh2.utils.generateKeyPairSync('ed25519').public.trim();
    await expect(open({ hostKeys: [line] }).exec('a', { deadline: 30_000 })).rejects.toMatchObject({
      code: 'untrusted',
    });
    expect(host.lastPassword()).toBeUndefined();
  });

  it('can also offer what old boxes need', async () => {
    expect((await open({ legacyAlgorithms: true }).exec('a', { deadline: 30_000 })).code).toBe(3);
  });

  it('trusts nobody at first use', () => {
    expect(() => open({ hostKeys: [] })).toThrow(/none is trusted at first use.*ssh-keygen -lf/);
    expect(() => open({ hostKeys: ['md5:00:11'] })).toThrow('pins no host key');
    expect(isHostKeyPin(`SHA256:${'A'.repeat(42)}`)).toBe(false);
  });

  it('says that a login was refused without saying the secret', async () => {
    const wrong = open({ passwordFile: secret('not the password') });
    const failure = await wrong.exec('a', { deadline: 30_000 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'misconfigured' });
    expect(String(failure)).toMatch(/refuses portledger by .*secret-/);
    expect(JSON.stringify([String(failure), failure, (failure as Error).stack])).not.toContain('not the password');
  });

  it('names a secret file that others may read, one that is missing, and one that is no key', async () => {
    const ask = (more: Partial<SshOptions>): Promise<unknown> => open(more).exec('a', { deadline: 30_000 });
    await expect(ask({ passwordFile: secret(password, 0o644) })).rejects.toThrow(/may be read by others.*chmod 600/);
    await expect(ask({ passwordFile: join(directory, 'none') })).rejects.toThrow(/cannot read .*ENOENT/);
    const odd = ask({ privateKeyFile: secret('no key at all') });
    await expect(odd).rejects.toMatchObject({ code: 'misconfigured' });
    await expect(ask({ privateKeyFile: secret('no key at all') })).rejects.not.toThrow('no key at all');
    expect(() => open({ passwordFile: undefined })).toThrow('no way to log in');
  });

  it('gives up a command at its deadline and keeps the connection', async () => {
    const connection = open();
    await expect(connection.exec('hang', { deadline: 100 })).rejects.toMatchObject({ code: 'timeout' });
    await connection.exec('a', { deadline: 30_000 });
    expect(host.connections()).toBe(1);
  });

  it('notices a link that was cut without a word, and makes a new connection at the next request', async () => {
    const connection = open({ keepaliveInterval: 300, connectDeadline: 3_000 });
    const told: string[] = [];
    connection.onLost((why) => told.push(why));
    const running = connection.exec('hang', { deadline: 60_000 });
    await connection.exec('a', { deadline: 30_000 });
    host.cut();
    await expect(running).rejects.toMatchObject({ code: 'unreachable' });
    expect(told).toEqual([expect.stringMatching(/Keepalive timeout/)]);
    await expect(connection.exec('a', { deadline: 30_000 })).rejects.toMatchObject({ code: 'timeout' });
    host.mend();
    expect((await connection.exec('a', { deadline: 30_000 })).code).toBe(3);
  });

  it('names a host where nobody listens', async () => {
    const { port } = host;
    await host.close();
    await expect(open({ port }).exec('a', { deadline: 30_000 })).rejects.toThrow(
      /127.0.0.1 port \d+ cannot be reached/,
    );
    host = await startSshHost({ username: 'portledger', password });
  });
});
