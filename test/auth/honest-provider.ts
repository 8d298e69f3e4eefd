import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OpenID provider on loopback, at which everybody is signed in at once as `person`. */
export class HonestProvider {
  person = 'anna';
  /** Of each person. */
  groups: Readonly<Record<string, readonly string[]>> = { anna: ['noc', 'cake'] };

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  /** @param redirectUrl whereto the client `portledger` with the secret `shh` is sent back */
  static async start(redirectUrl: () => string): Promise<HonestProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const self = new HonestProvider(issuer, server);
    const oidc = new Provider(issuer, {
      clients: [
        {
          client_id: 'portledger',
          client_secret: 'shh',
          redirect_uris: [redirectUrl()],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      pkce: { required: () => true },
      cookies: { keys: ['of the test'] },
      claims: { openid: ['sub'], profile: ['groups'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/enter/${uid}` },
      findAccount: (_context, accountId) => ({
        accountId,
        claims: () => ({ sub: accountId, groups: [...(self.groups[accountId] ?? [])] }),
      }),
      loadExistingGrant: async (context) => {
        const grant = new context.oidc.provider.Grant({
          clientId: context.oidc.client?.clientId ?? '',
          accountId: context.oidc.session?.accountId ?? '',
        });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
    });
    const answer = oidc.callback();
    server.on('request', (request, response) => {
      const entered = request.url?.startsWith('/enter/') === true;
      if (entered) void oidc.interactionFinished(request, response, { login: { accountId: self.person } });
      else void answer(request, response);
    });
    return self;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
