import { readFileSync } from 'node:fs';
import { readSecret } from './audit/checkpoints/secret-file.js';
import type { MailServerConfig } from './config/app-config.js';
import type { MailServer } from './transports/mail-sender.js';

/** The server of a configuration. Its secrets are read at every try, so that they can be replaced while the engine runs. */
export function mailServerOf({ host, port, security, from, user, passwordFile, caFile }: MailServerConfig): MailServer {
  return {
    ...{ host, port, security, from },
    ...(user !== undefined &&
      passwordFile !== undefined && { login: () => ({ user, pass: readSecret(passwordFile) }) }),
    ...(caFile !== undefined && { ca: () => readFileSync(caFile, 'utf8') }),
  };
}
