import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a provider of the test does wrong. */
export interface Falsehood {
  /** Claims of the ID token that are otherwise than they should be. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs with a key that is not among those it shows. */
  readonly isForged?: boolean;
  /** Signs with no key at all. */
  readonly isUnsigned?: boolean;
  readonly status?: number;
}

const newKey = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('rsa', { modulusLength: 2048 });
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OpenID provider that answers whatever code with an ID token of the test's making. */
export class FalseProvider {
  /** The nonce of the sign-in under way, which an honest answer repeats. */
  nonce = '';
  falsehood: Falsehood = {};
  /** What it says of whoever signed in besides the ID token; it has no such endpoint without. */
  userInfo: object | undefined;
  /** How often that was asked for. */
  askedForMore = 0;
  private readonly known = newKey();
  private readonly stranger = newKey();

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<FalseProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const self = new FalseProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', (request, response) => {
      request.resume();
      const { status, body } = self.answer(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    return self;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(url: string): { status: number; body: object } {
    const { issuer } = this;
    if (url === '/.well-known/openid-configuration')
      return {
        status: 200,
        body: {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          ...(this.userInfo && { userinfo_endpoint: `${issuer}/userinfo` }),
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        },
      };
    if (url === '/keys') {
      const jwk = this.known.publicKey.export({ format: 'jwk' });
      return { status: 200, body: { keys: [{ ...jwk, kid: 'k', alg: 'RS256', use: 'sig' }] } };
    }
    if (url === '/userinfo' && this.userInfo !== undefined) {
      this.askedForMore++;
      return { status: 200, body: this.userInfo };
    }
    if (url !== '/token') return { status: 404, body: {} };
    const body = { access_token: 'canary-access-token', token_type: 'Bearer', id_token: this.idToken() };
    return { status: this.falsehood.status ?? 200, body };
  }

  private idToken(): string {
    const { claims = {}, isForged = false, isUnsigned = false } = this.falsehood;
    const now = Math.floor(Date.now() / 1000);
    const honest = { iss: this.issuer, sub: 'anna', aud: 'portledger', iat: now, exp: now + 300, nonce: this.nonce };
    const head = isUnsigned ? { alg: 'none' } : { alg: 'RS256', kid: 'k' };
    const text = `${base64(head)}.${base64({ ...honest, groups: ['noc'], ...claims })}`;
    if (isUnsigned) return `${text}.`;
    const { privateKey } = isForged ? this.stranger : this.known;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
  }
}
