import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';

/**
 * A `fetch` for the engine's own authority. The built-in one takes no certificate but from the environment of the whole
 * process, which is not for one client to change. It knows what `Connection` asks for, and no more.
 * @param ca PEM; nothing else is trusted
 */
export function trustingFetch(ca: string | Buffer): { readonly fetch: typeof fetch; readonly close: () => void } {
  const agent = new Agent({ ca, keepAlive: true, minVersion: 'TLSv1.2' });
  const send: typeof fetch = async (input, init = {}) => {
    const { method = 'GET', headers, body, signal } = init;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const url = typeof input === 'string' || input instanceof URL ? input : input.url;
      const options = { method, agent, headers: headers as Record<string, string>, signal: signal ?? undefined };
      request(url, options, resolve)
        .once('error', reject)
        .end(typeof body === 'string' ? body : undefined);
    });
    const chunks: Uint8Array[] = [];
    // Rejects where the connection ends before the body does.
    for await (const chunk of answer) chunks.push(chunk as Uint8Array);
    const status = answer.statusCode ?? 500;
    const hasBody = status !== 204 && status !== 304;
    return new Response(hasBody ? Buffer.concat(chunks) : null, { status, headers: headersOf(answer) });
  };
  return { fetch: send, close: () => agent.destroy() };
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  return headers;
}
