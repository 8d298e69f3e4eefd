import { readFileSync, statSync } from 'node:fs';
import type { ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import { SshError } from './ssh-error.js';
import { isHostKeyPin, keyTypeOf } from './ssh-host-key.js';

/** Whom to speak to, how to know that it is the one, and who we are. Secrets are files, read at every connection. */
export interface SshTarget {
  readonly host: string;
  /** TCP port; 22 where absent. */
  readonly port?: number;
  readonly username: string;
  /** Keys the host may show, one of which it must: `SHA256:...` or a public key line. Never learnt at first use. */
  readonly hostKeys: readonly string[];
  readonly privateKeyFile?: string;
  readonly passphraseFile?: string;
  readonly passwordFile?: string;
  /** Also offer what old boxes need and others no longer take: SHA-1 key exchanges and CBC ciphers. */
  readonly legacyAlgorithms?: boolean;
}

/** Throws a `misconfigured` SshError where a target cannot be spoken to at all. */
export function checkTarget(target: SshTarget): void {
  const where = nameOf(target);
  if (target.hostKeys.length === 0) {
    throw new SshError(
      'misconfigured',
      `no host key is configured for ${where}, and none is trusted at first use; ${howToPin}`,
    );
  }
  const odd = target.hostKeys.find((pin) => !isHostKeyPin(pin));
  if (odd !== undefined) throw new SshError('misconfigured', `"${odd}" pins no host key for ${where}; ${howToPin}`);
  if (target.privateKeyFile === undefined && target.passwordFile === undefined) {
    throw new SshError(
      'misconfigured',
      `no way to log in at ${where}; name a private key file or a password file, readable by its owner only`,
    );
  }
}

export const howToPin =
  'on the console of the box run "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" (or "show ip ssh") and set the host key to the SHA256:... it prints';

export function nameOf({ host, port }: SshTarget): string {
  return port === undefined || port === 22 ? host : `${host} port ${port}`;
}

/** What `ssh2` needs to know; reads the secret files. Rejects with a `misconfigured` SshError naming the file. */
export function connectConfigOf(target: SshTarget): ConnectConfig {
  const types = target.hostKeys.map(keyTypeOf);
  const known = types.filter((type) => type !== undefined);
  return {
    host: target.host,
    port: target.port ?? 22,
    username: target.username,
    tryKeyboard: target.passwordFile !== undefined,
    ...(target.passwordFile === undefined ? {} : { password: secretOf(target.passwordFile) }),
    ...(target.privateKeyFile === undefined ? {} : { privateKey: secretOf(target.privateKeyFile) }),
    ...(target.passphraseFile === undefined ? {} : { passphrase: secretOf(target.passphraseFile) }),
    algorithms: {
      // Only a key line says its type; with a fingerprint among the pins the host may show any.
      ...(known.length === types.length ? { serverHostKey: known.flatMap(algorithmsOf) } : {}),
      ...(target.legacyAlgorithms === true ? legacy : {}),
    },
  };
}

const legacy: NonNullable<ConnectConfig['algorithms']> = {
  kex: {
    append: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
    prepend: [],
    remove: [],
  },
  cipher: { append: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'], prepend: [], remove: [] },
};

function algorithmsOf(type: string): ServerHostKeyAlgorithm[] {
  if (type === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];
  return [type as ServerHostKeyAlgorithm];
}

/** The text of a file that its owner alone may read, without the line end. */
function secretOf(path: string): string {
  let mode: number;
  let text: string;
  try {
    mode = statSync(path).mode;
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new SshError('misconfigured', `cannot read the secret file ${path} (${why}); make it readable for us`);
  }
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8);
    throw new SshError('misconfigured', `${path} may be read by others (mode ${octal}); run "chmod 600 ${path}"`);
  }
  return text.replace(/\r?\n$/, '');
}
