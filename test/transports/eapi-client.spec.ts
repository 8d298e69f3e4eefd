import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { EapiClient, type EapiOptions } from '../../src/transports/eapi-client.js';
import type { EapiError } from '../../src/transports/eapi-error.js';
import { selfSigned } from '../support/self-signed.js';
import { tempDirectory } from '../support/temp-directory.js';

interface Asked {
  readonly authorization: string | undefined;
  readonly url: string | undefined;
  readonly body: { method: string; id: string; params: { version: number; cmds: string[]; format: string } };
}

const identity = selfSigned('leaf1.example');
const stranger = selfSigned('leaf1.example');

describe('the client of eAPI', () => {
  const directory = tempDirectory();
  const passwordFile = join(directory, 'password');
  const caFile = join(directory, 'ca.pem');
  writeFileSync(passwordFile, 'correct horse\n');
  writeFileSync(caFile, identity.certificate);
  let answer: (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;
  let heard: Asked[];
  let server: Server;
  let options: EapiOptions;

  beforeEach(async () => {
    heard = [];
    answer = ({ body }, response) =>
      says(
        response,
        body.id,
        body.params.cmds.map((command) => ({ command })),
      );
    server = createServer({ key: identity.key, cert: identity.certificate }, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => {
        const body = JSON.parse(text) as Asked['body'];
        const asked = { authorization: request.headers.authorization, url: `${request.method} ${request.url}`, body };
        heard.push(asked);
        answer(asked, response, request);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const pin = { fingerprint: identity.fingerprint };
    options = { host: '127.0.0.1', port, username: 'portledger', passwordFile, pin, deadline: 5000 };
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const failure = (work: Promise<unknown>): Promise<EapiError> =>
    work.then(
      () => Promise.reject(new Error('it did not fail')),
      (error: unknown) => error as EapiError,
    );

  it('asks runCmds at /command-api with the credentials of the file, and gives an answer for each command', async () => {
    const client = new EapiClient(options);
    await expect(client.run(['enable', 'show version'])).resolves.toEqual([
      { command: 'enable' },
      { command: 'show version' },
    ]);
    expect(heard).toHaveLength(1);
    const [asked] = heard;
    expect(asked?.url).toBe('POST /command-api');
    expect(asked?.authorization).toBe(`Basic ${Buffer.from('portledger:correct horse').toString('base64')}`);
    expect(asked?.body).toMatchObject({
      jsonrpc: '2.0',
      method: 'runCmds',
      params: { version: 1, cmds: ['enable', 'show version'], format: 'json' },
    });
  });

  it('asks for text where text is wanted', async () => {
    await new EapiClient(options).run(['show ip arp'], 'text');
    expect(heard[0]?.body.params.format).toBe('text');
  });

  it('takes a certificate by its fingerprint, in any spelling of it', async () => {
    const spelling = identity.fingerprint.replaceAll(':', '').toLowerCase();
    await expect(new EapiClient({ ...options, pin: { fingerprint: spelling } }).run(['enable'])).resolves.toEqual([
      { command: 'enable' },
    ]);
  });

  it('takes a certificate by the CA that signed it', async () => {
    await expect(new EapiClient({ ...options, pin: { caFile } }).run(['enable'])).resolves.toHaveLength(1);
  });

  it('sends nothing, credentials least of all, to a box with another certificate', async () => {
    const other = join(directory, 'other.pem');
    writeFileSync(other, stranger.certificate);
    for (const pin of [{ fingerprint: stranger.fingerprint }, { caFile: other }, { fingerprint: 'none' }]) {
      const error = await failure(new EapiClient({ ...options, pin }).run(['enable']));
      expect(error).toMatchObject({ name: 'EapiError', code: 'untrusted' });
    }
    expect(heard).toEqual([]);
  });

  it('names the command that was refused, what the switch said, and what was done before it', async () => {
    answer = ({ body }, response) =>
      response.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id: body.id,
          error: {
            code: 1002,
            message: "CLI command 2 of 3 'arp 198.51.100.16 junk arpa' failed: invalid command",
            data: [{ done: true }, { errors: ["Invalid input (at token 2: 'junk')\n"] }],
          },
        }),
      );
    const error = await failure(new EapiClient(options).run(['enable', 'arp 198.51.100.16 junk arpa', 'show arp']));
    expect(error.code).toBe('refused');
    expect(error.command).toEqual({
      index: 1,
      code: 1002,
      said: ["Invalid input (at token 2: 'junk')"],
      before: [{ done: true }],
    });
    expect(error.message).toContain('"arp 198.51.100.16 junk arpa" was refused');
  });

  it('tells a request that was refused as a whole from a refused command', async () => {
    answer = ({ body }, response) =>
      response.end(JSON.stringify({ jsonrpc: '2.0', id: body.id, error: { code: -32602, message: 'Invalid params' } }));
    const error = await failure(new EapiClient(options).run(['enable']));
    expect([error.code, error.command]).toEqual(['refused', undefined]);
  });

  it.each([
    ['is silent', 'timeout', () => undefined],
    ['closes without an answer', 'unreachable', (response: ServerResponse) => response.socket?.destroy()],
    ['refuses the user', 'misconfigured', (response: ServerResponse) => response.writeHead(401).end()],
    ['is something else', 'unreachable', (response: ServerResponse) => response.writeHead(404).end()],
    ['answers a web page', 'unreadable', (response: ServerResponse) => response.end('<html>')],
    ['answers null', 'unreadable', (response: ServerResponse) => response.end('null')],
    ['answers too few results', 'unreadable', (response: ServerResponse) => says(response, 'portledger-1', [{}])],
    ['answers another request', 'unreadable', (response: ServerResponse) => says(response, 'other', [{}, {}])],
    ['answers without end', 'unreadable', (response: ServerResponse) => response.end('x'.repeat(100_000))],
    [
      'dies in the middle of its answer',
      'unreachable',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"jsonrpc":', () => response.socket?.destroy());
      },
    ],
    [
      'stops in the middle of its answer',
      'timeout',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"jsonrpc":');
      },
    ],
  ] as const)('fails by its deadline and says why when the box %s', async (_what, code, act) => {
    answer = (_asked, response) => act(response);
    const client = new EapiClient({ ...options, deadline: 500, longest: 50_000 });
    const error = await failure(client.run(['enable', 'show version']));
    expect(error).toMatchObject({ name: 'EapiError', code });
    expect(error.message).not.toContain('correct horse');
  });

  it('fails where nobody listens, and where the password cannot be read, without saying what it is', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const nobody = await failure(new EapiClient({ ...options, port }).run(['enable']));
    expect(nobody.code).toBe('unreachable');
    const unread = new EapiClient({ ...options, passwordFile: join(directory, 'absent') });
    expect((await failure(unread.run(['enable']))).code).toBe('misconfigured');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('sends no command that is more than one printable line', async () => {
    const client = new EapiClient(options);
    for (const command of ['', 'show version\nreload', 'show\u202e', 'a\0'])
      await expect(client.run([command])).rejects.toThrow(TypeError);
    expect(heard).toEqual([]);
  });

  it('ends what runs when it is closed, and takes nothing more', async () => {
    const client = new EapiClient(options);
    answer = () => client.close();
    expect((await failure(client.run(['enable']))).code).toBe('unreachable');
    expect((await failure(client.run(['enable']))).code).toBe('unreachable');
  });
});

function says(response: ServerResponse, id: string, result: unknown[]): void {
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
