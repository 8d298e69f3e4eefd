import { readSecret, SecretFileError } from './audit/checkpoints/secret-file.js';
import { parseWebhookSecret } from './transports/standard-webhook.js';

/** The secret that signs webhooks, from its file. Throws a SecretFileError that names the cure. */
export function readWebhookSecret(file: string): Buffer {
  const secret = parseWebhookSecret(readSecret(file));
  if (secret !== undefined) return secret;
  throw new SecretFileError(file, 'holds no webhook secret: whsec_ and 24 to 64 bytes in base64 (Standard Webhooks).');
}
