import { createHmac } from 'node:crypto';

/** The bytes behind `whsec_<base64>` (24 to 64 of them, as Standard Webhooks wants); undefined for any other text. */
export function parseWebhookSecret(text: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
}

/**
 * The headers of Standard Webhooks 1.0 for one try at `now` (ms since 1970). Each secret signs: while one takes the
 * place of another, the receiver may know either. Without a secret there is no signature.
 */
export function webhookHeaders(
  { id, body, now }: { readonly id: string; readonly body: string; readonly now: number },
  secrets: readonly Buffer[],
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const stamped = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secrets.length === 0) return stamped;
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
  return { ...stamped, 'webhook-signature': signatures.join(' ') };
}

/** How long a `Retry-After` asks to wait, ms: seconds, or a date (RFC 9110 section 10.2.3); undefined for anything else. */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  if (header === null || header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = /^[A-Z][a-z]{2},? /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
