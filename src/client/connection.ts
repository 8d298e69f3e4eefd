import { trustingFetch } from './trusting-fetch.js';

export interface ConnectionOptions {
  /** Where the engine listens, such as `https://portledger.example:8443`. */
  readonly url: string;
  /** The token, or what gives it: asked before each request, so that it may be read anew from its file. */
  readonly token: string | (() => string | Promise<string>);
  /** PEM of the authority that signed the engine's certificate, where the system does not trust it already. */
  readonly ca?: string | Buffer;
  /** One request that gets no answer in this time is given up, and sent again; ms, default 30,000. */
  readonly requestTimeoutMs?: number;
  /** What fetches instead of the built-in `fetch`; not together with `ca`. */
  readonly fetch?: typeof fetch;
}

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly contentType?: string;
  readonly body?: string;
  /** Ends the request itself, whatever has become of it. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON says; the text of anything else. */
  readonly body: unknown;
}

/** A request got no answer, or half of one. */
export class NoAnswer extends Error {
  /** @param isFinal true where another attempt would end the same: the certificate is not to be trusted */
  constructor(
    why: string,
    readonly isFinal: boolean,
    options?: ErrorOptions,
  ) {
    super(why, options);
  }
}

const usualTimeoutMs = 30_000;

/** Speaks HTTP with one engine. The token is in no error, and in nothing that can be printed. */
export class Connection {
  readonly #token: () => Promise<string>;
  private readonly url: string;
  private readonly timeoutMs: number;
  private readonly fetch: typeof fetch;
  readonly close: () => void;

  /** Throws a TypeError for a URL or options that cannot be meant. */
  constructor({ url, token, ca, requestTimeoutMs = usualTimeoutMs, fetch: own }: ConnectionOptions) {
    this.url = checkedUrl(url);
    if (ca !== undefined && own !== undefined) throw new TypeError('ca and fetch: give one of them.');
    const trusting = ca === undefined ? undefined : trustingFetch(ca);
    this.fetch = trusting?.fetch ?? own ?? fetch;
    this.close = trusting?.close ?? (() => undefined);
    this.timeoutMs = requestTimeoutMs;
    const given = typeof token === 'string' ? checkedToken(token) : undefined;
    this.#token = async () => given ?? tokenFrom(token as () => string | Promise<string>);
  }

  /** Any answer of the engine, also a refusal. Rejects with NoAnswer. */
  async request(path: string, { method = 'GET', contentType, body, signal }: Question = {}): Promise<Answer> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${await this.#token()}`,
      accept: 'application/json, application/problem+json',
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    const timeout = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await this.fetch(`${this.url}${path}`, {
        method,
        headers,
        body: body ?? null,
        // A redirected answer is not the engine's, and the token is for nobody else.
        redirect: 'manual',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return { status: response.status, headers: response.headers, body: bodyOf(await response.text()) };
    } catch (cause) {
      throw new NoAnswer(timeout.aborted ? `no answer within ${this.timeoutMs} ms` : why(cause), isDistrust(cause), {
        cause,
      });
    }
  }
}

function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError('url: expected the URL of an engine, such as http://127.0.0.1:8080.');
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new TypeError('url: expected no user, password, question or fragment in it; the token has its own option.');
  }
  return url.replace(/\/+$/, '');
}

/** What a header may not hold would be quoted by whoever refuses to send it. */
function checkedToken(token: string): string {
  const bare = token.trim();
  if (/^[\x21-\x7e]+$/.test(bare)) return bare;
  throw new TypeError('token: expected printable characters without a space, as portledger token new wrote them.');
}

async function tokenFrom(giver: () => string | Promise<string>): Promise<string> {
  const given = await Promise.resolve()
    .then(giver)
    .catch((cause: unknown) => {
      throw new NoAnswer(`the token cannot be had (${why(cause)})`, false, { cause });
    });
  try {
    return checkedToken(given);
  } catch (cause) {
    throw new NoAnswer((cause as Error).message, true);
  }
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function causeOf(error: unknown): { readonly code?: unknown; readonly message?: unknown } {
  const { cause } = error as { cause?: unknown };
  return (typeof cause === 'object' && cause !== null ? cause : error) as { code?: unknown; message?: unknown };
}

function why(error: unknown): string {
  const { code, message } = causeOf(error);
  return typeof code === 'string' ? code : String(message);
}

/** Errors of the chain or the name in a certificate, as against those of the network. */
function isDistrust(error: unknown): boolean {
  const { code } = causeOf(error);
  return typeof code === 'string' && /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code);
}
