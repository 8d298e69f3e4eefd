import { createHmac } from 'node:crypto';
import { parseCheckpoint } from './checkpoint.js';
import { type Destination, DeliveryError } from './delivery.js';

const deadlineMs = 10_000;

export interface Webhook {
  readonly url: string;
  /** Signs each request; undefined sends it unsigned. */
  readonly secret?: Buffer;
}

/** Posts each checkpoint as text; with a secret it carries the headers of Standard Webhooks 1.0. Redirects are not followed. */
export class WebhookDestination implements Destination {
  readonly name: string;

  constructor(
    private readonly webhook: Webhook,
    private readonly now: () => number = Date.now,
  ) {
    // The rest of the URL may hold what only the two of us are to know.
    this.name = `webhook ${new URL(webhook.url).origin}`;
  }

  async deliver(note: string): Promise<void> {
    const response = await this.post(note);
    await response.body?.cancel().catch(() => {});
    if (response.ok) return;
    const isRedirect = response.status >= 300 && response.status < 400;
    const said = `The ${this.name} answered ${response.status}`;
    throw new DeliveryError(
      isRedirect ? `${said}, and redirects are not followed: name the URL that it points to.` : `${said}.`,
      retryAfterMs(response.headers.get('retry-after')),
    );
  }

  private async post(note: string): Promise<Response> {
    const headers = { 'content-type': 'text/plain; charset=utf-8', ...this.signature(note) };
    try {
      const signal = AbortSignal.timeout(deadlineMs);
      return await fetch(this.webhook.url, { method: 'POST', body: note, headers, redirect: 'manual', signal });
    } catch (error) {
      const { cause, name } = error as { cause?: { code?: string }; name: string };
      const why = name === 'TimeoutError' ? `no answer within ${deadlineMs / 1000} s` : (cause?.code ?? name);
      throw new DeliveryError(`The ${this.name} cannot be reached (${why}).`);
    }
  }

  private signature(note: string): Record<string, string> {
    const checkpoint = parseCheckpoint(note);
    const id = `checkpoint-${checkpoint?.logId}-${checkpoint?.size}`;
    const timestamp = String(Math.floor(this.now() / 1000));
    const stamped = { 'webhook-id': id, 'webhook-timestamp': timestamp };
    if (this.webhook.secret === undefined) return stamped;
    const hmac = createHmac('sha256', this.webhook.secret).update(`${id}.${timestamp}.${note}`).digest('base64');
    return { ...stamped, 'webhook-signature': `v1,${hmac}` };
  }
}

/** The bytes behind `whsec_<base64>` (24 to 64 of them, as Standard Webhooks wants); undefined for any other text. */
export function parseWebhookSecret(text: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
}

/** Seconds, as most servers say it; a date is left to the usual pauses. */
function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
