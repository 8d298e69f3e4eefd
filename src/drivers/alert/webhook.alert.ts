import { request as plainRequest } from 'node:http';
import { request as tlsRequest, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { retryAfterMs, webhookHeaders } from '../../transports/standard-webhook.js';
import type { AlertDriver, AlertMessage, AlertOutcome } from './alert.port.js';
import { checkAddress, type LookUp, lookUp, type ResolvedAddress } from './checked-address.js';
import { listOf } from './public-address.js';
import { webhookBody } from './webhook-body.js';

const usualDeadlineMs = 15_000;

export interface WebhookOptions {
  /** https, without user and password; http only where every address of the host is in `allow`. */
  readonly url: string;
  /** Asked at every try, so that a secret can be replaced while the engine runs. Throws where one cannot be read. */
  readonly secrets: () => readonly Buffer[];
  /** Internal networks that this destination may be in: `10.1.0.0/16`, `2001:db8::7`. */
  readonly allow: readonly string[];
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: () => string;
  readonly resolve?: LookUp;
  /** Ms since 1970. */
  readonly now?: () => number;
  readonly deadlineMs?: number;
}

/** Posts alerts as Standard Webhooks 1.0: signed, to the address that was checked, following no redirect, reading no body. */
export class WebhookAlert implements AlertDriver {
  readonly place: string;
  private readonly url: URL;

  constructor(private readonly options: WebhookOptions) {
    this.url = new URL(options.url);
    this.place = this.url.origin;
  }

  async deliver(message: AlertMessage): Promise<AlertOutcome> {
    const { url, options } = this;
    const refused = (reason: string): AlertOutcome => ({ outcome: 'refused', reason });
    if (url.username !== '' || url.password !== '') return refused('its URL holds a user or a password');
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('its URL is neither https nor http');
    const signal = AbortSignal.timeout(options.deadlineMs ?? usualDeadlineMs);
    try {
      const resolve = ended(signal, options.resolve ?? lookUp);
      const checked = await checkAddress(url.hostname, listOf(options.allow), resolve);
      if ('problem' in checked) return refused(checked.problem);
      if (url.protocol === 'http:' && !checked.isAllowed)
        return refused('http is for networks named under allow only; use https');
      return await this.post(message, checked.address, signal);
    } catch (error) {
      return refused(this.inWords(error));
    }
  }

  private post(message: AlertMessage, address: ResolvedAddress, signal: AbortSignal): Promise<AlertOutcome> {
    const { url, options } = this;
    const now = (options.now ?? Date.now)();
    const body = webhookBody(message, now);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'portledger',
      ...webhookHeaders({ id: message.id, body, now }, options.secrets()),
    };
    const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
    const wanted: RequestOptions = {
      method: 'POST',
      headers,
      agent: false,
      lookup: always(address),
      signal,
      ...(options.ca === undefined ? {} : { ca: options.ca() }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, wanted, (response) => {
        const { statusCode = 0, headers: said } = response;
        // What it says beyond its status is nobody's business here, and may be endless.
        response.on('error', () => undefined).destroy();
        resolve(outcomeOf(statusCode, retryAfterMs(said['retry-after'], now)));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  private inWords(error: unknown): string {
    const { name, code, message } = error as NodeJS.ErrnoException;
    if (name === 'AbortError' || name === 'TimeoutError')
      return `no answer within ${(this.options.deadlineMs ?? usualDeadlineMs) / 1000} s`;
    return code === undefined ? message : `it cannot be reached (${code})`;
  }
}

/** A resolver may think for longer than anybody waits. */
function ended(signal: AbortSignal, resolve: LookUp): LookUp {
  const end = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(Object.assign(new Error('no name server answers'), { code: 'EAI_AGAIN' })),
    );
  });
  end.catch(() => undefined);
  return (host) => Promise.race([resolve(host), end]);
}

/** Dials the address that was checked, whatever the name answers now; the name stays in `Host` and in TLS. */
function always({ address, family }: ResolvedAddress): LookupFunction {
  return (_host, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

function outcomeOf(status: number, waitMs: number | undefined): AlertOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  if (status === 410) return { outcome: 'gone', reason: 'it answered 410 Gone' };
  const isRedirect = status >= 300 && status < 400;
  const reason = isRedirect
    ? `it answered ${status}, and redirects are not followed: name the URL that it points to`
    : `it answered ${status}`;
  return { outcome: 'refused', reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
}
