export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Empty where there is no body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls an engine as a browser would: keeps its cookies, and sends what a page of the engine sends. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly engine: { readonly url: string }) {}

  /** @param headers are sent besides those of a page; undefined takes one away */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Reply> {
    const usual = {
      ...(this.cookies.size > 0 && { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && { 'x-portledger-csrf': '1', origin: this.engine.url, 'sec-fetch-site': 'same-origin' }),
    };
    const sent = Object.entries({ ...usual, ...headers }).filter(
      (one): one is [string, string] => one[1] !== undefined,
    );
    const response = await fetch(new URL(path, this.engine.url), {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    this.keep(response.headers.getSetCookie());
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const content = (isJson ? JSON.parse(text) : { text }) as Reply['body'];
    return { status: response.status, headers: response.headers, body: text === '' ? {} : content };
  }

  signIn(user: string, password: string): Promise<Reply> {
    return this.call('POST', '/v1/session', { user, password });
  }

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0(;|$)/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
