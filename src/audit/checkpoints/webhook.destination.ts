import { retryAfterMs, webhookHeaders } from '../../transports/standard-webhook.js';
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
      retryAfterMs(response.headers.get('retry-after'), this.now()),
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
    const { secret } = this.webhook;
    return webhookHeaders({ id, body: note, now: this.now() }, secret === undefined ? [] : [secret]);
  }
}
