import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { serveConsole } from './console-files.js';
import type { EngineParts } from './engine-parts.js';
import { eventSchemas } from './intake/event-schemas.js';
import { parseJsonBody } from './intake/json-body.js';
import { type AnswerHead, refuseConnection, setAnswerHeaders } from './ops/answer-headers.js';
import { NestLog } from './ops/nest-log.js';
import { asProblem, type Reply, sendProblem } from './ops/problem.filter.js';

const bodyLimit = 1024 * 1024;
const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'];

/** The HTTP side of the engine, ready to listen. */
export async function createHttpServer(parts: EngineParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    forceCloseConnections: true,
    trustProxy: [...parts.config.listen.trustedProxies],
    clientErrorHandler: refuseConnection,
    requestTimeout: 30_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 8 * 1024 },
    frameworkErrors: (error: Error, request: { url: string }, reply: { raw: AnswerHead }) => {
      setAnswerHeaders(request.url, reply.raw);
      sendProblem(reply as unknown as Reply, asProblem(error), request.url);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    logger: new NestLog(parts.log),
    abortOnError: false,
    bodyParser: false,
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    setAnswerHeaders(request.url, reply.raw);
    done();
  });
  fastify.removeAllContentTypeParsers();
  app.useBodyParser(jsonTypes, { bodyLimit }, (_request: unknown, body: Buffer) =>
    Promise.resolve(parseJsonBody(body)),
  );
  SwaggerModule.setup('docs', app, () => apiDocument(app), { jsonDocumentUrl: 'docs/openapi.json' });
  await serveConsole(app);
  return app;
}

function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('portledger')
    .setDescription(
      'Billing events in, one authoritative IP to MAC to port map out. Errors are problem documents (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'portledger token new --scope publisher --source URI',
    })
    .build();
  const document = SwaggerModule.createDocument(app, about);
  const schemas = { ...document.components?.schemas, ...eventSchemas() };
  return { ...document, components: { ...document.components, schemas } };
}
