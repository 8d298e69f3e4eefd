import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const folder = fileURLToPath(new URL('../console', import.meta.url));
const page = 'index.html';

/**
 * What the browser may do with the page, beyond what every answer forbids: load its own files and nothing else, and make no
 * markup or code from text (Trusted Types).
 */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * Serves the console at `/console/`, and sends `/` there. The page is asked for again each time (ETag); its files carry their
 * content in their names and are kept for a year. Every address below `/console/` is the page: it knows its views itself.
 * Where the console was not built, nothing is served there.
 */
export async function serveConsole(app: NestFastifyApplication): Promise<void> {
  if (!existsSync(join(folder, page))) return;
  const server = app.getHttpAdapter().getInstance();
  await server.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    lastModified: false,
    preCompressed: true,
  });
  server.get('/', (_request, reply) => reply.redirect('/console/', 302));
  server.get('/console', (_request, reply) => reply.redirect('/console/', 302));
  server.get<{ Params: { name: string } }>('/console/assets/:name', (request, reply) =>
    reply
      .headers({ ...pageHeaders, 'cache-control': 'public, max-age=31536000, immutable' })
      .sendFile(`assets/${request.params.name}`),
  );
  server.get('/console/*', (_request, reply) =>
    reply.headers({ ...pageHeaders, 'cache-control': 'no-cache' }).sendFile(page),
  );
}
