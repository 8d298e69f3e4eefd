import type { MailServerConfig } from './mail-server-config.js';
import type { ShapeProblem } from './shape.js';

/** A user proves who it is with a password, and never in the clear. */
export function mailServerProblems(server: MailServerConfig, at: string): ShapeProblem[] {
  const { user, passwordFile, security } = server;
  const problems: ShapeProblem[] = [];
  if ((user === undefined) !== (passwordFile === undefined)) {
    const found = user === undefined ? 'passwordFile without user' : 'user without passwordFile';
    problems.push({ pointer: at, found, expected: 'both or neither' });
  }
  if (security === 'none' && user !== undefined)
    problems.push({ pointer: `${at}/user`, found: 'a user without TLS', expected: 'security starttls or tls' });
  return problems;
}
