import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type SelfSigned, selfSigned } from '../self-signed.js';
import { CommandFailed, type EosBox } from './eos-box.js';
import { EosCli } from './eos-cli.js';

/**
 * How the switch misbehaves at a command: `hang` never answers, `reset-before` closes without carrying it out,
 * `reset-after` carries it out and closes, `reset-mid` carries all out and closes in the middle of its answer,
 * `refuse` refuses it, `lie` says it was carried out.
 */
export type EapiFault =
  'hang' | 'reset-before' | 'reset-after' | 'reset-mid' | 'refuse' | 'lie' | { readonly slowMs: number };

interface Request {
  readonly id: unknown;
  readonly method: unknown;
  readonly params: { readonly version: number; readonly cmds: string[]; readonly format: string };
}

const identity: SelfSigned = selfSigned('leaf1.example');

/** The web server of a switch that runs EOS: eAPI on a real HTTPS port of 127.0.0.1. */
export class EapiServer {
  readonly fingerprint = identity.fingerprint;
  readonly username = 'portledger';
  readonly password = 'a password of the tests';
  /** Every command that came, in order. */
  readonly heard: string[] = [];
  /** Asked before each command is carried out. */
  misbehave: (command: string) => EapiFault | undefined = () => undefined;
  private readonly server: Server;

  private constructor(readonly box: EosBox) {
    this.server = createServer({ key: identity.key, cert: identity.certificate }, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => {
        const wanted = `Basic ${Buffer.from(`${this.username}:${this.password}`).toString('base64')}`;
        if (request.headers.authorization !== wanted) return void response.writeHead(401).end();
        if (request.method !== 'POST' || request.url !== '/command-api') return void response.writeHead(404).end();
        void this.answer(JSON.parse(text) as Request, response);
      });
    });
  }

  static async start(box: EosBox): Promise<EapiServer> {
    const server = new EapiServer(box);
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.box.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer({ id, method, params }: Request, response: ServerResponse): Promise<void> {
    if (method !== 'runCmds' || params.version !== 1) {
      const error = { code: -32601, message: 'Method not found' };
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
    }
    const cli = new EosCli(this.box, this.username);
    const answers: unknown[] = [];
    let isTorn = false;
    for (const command of params.cmds) {
      this.heard.push(command);
      const fault = this.misbehave(command);
      if (fault === 'hang') return;
      if (fault === 'reset-before') return void response.socket?.destroy();
      if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
      isTorn ||= fault === 'reset-mid';
      try {
        if (fault === 'refuse') throw new CommandFailed(1000, ['Refused by the tests']);
        answers.push(fault === 'lie' ? { output: '' } : cli.run(command, params.format));
      } catch (failure) {
        if (!(failure instanceof CommandFailed)) throw failure;
        answers.push({ errors: failure.errors });
        const place = `CLI command ${answers.length} of ${params.cmds.length} '${command}' failed`;
        const message = `${place}: ${failure.code === 1002 ? 'invalid command' : 'could not run command'}`;
        const error = { code: failure.code, message, data: answers };
        return void response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      }
      if (fault === 'reset-after') return void response.socket?.destroy();
    }
    const text = JSON.stringify({ jsonrpc: '2.0', id, result: answers });
    if (!isTorn) return void response.end(text);
    response.writeHead(200, { 'content-length': Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  }
}
