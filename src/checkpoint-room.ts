import { Checkpointer } from './audit/checkpoints/checkpointer.js';
import { Delivery, type Destination } from './audit/checkpoints/delivery.js';
import { FileDestination } from './audit/checkpoints/file.destination.js';
import { readSigner } from './audit/checkpoints/key-file.js';
import { LastSigned } from './audit/checkpoints/last-signed.js';
import { SyslogDestination } from './audit/checkpoints/syslog.destination.js';
import { WebhookDestination } from './audit/checkpoints/webhook.destination.js';
import type { CheckpointsConfig } from './config/app-config.js';
import type { EngineParts } from './engine-parts.js';
import { readWebhookSecret } from './read-webhook-secret.js';

/**
 * Signs checkpoints of the log where the configuration names a key for it.
 * Rejects with a SecretFileError or a LastSignedError where the key or what was signed last cannot be used.
 */
export async function startCheckpoints({
  config,
  store,
  projector,
  alerts,
  readiness,
  sealDesk,
}: EngineParts): Promise<{ close(): Promise<void> }> {
  const { checkpoints } = config;
  if (checkpoints === undefined) return { close: () => Promise.resolve() };
  const signer = readSigner(checkpoints.keyFile);
  const checkpointer = await Checkpointer.start({
    store,
    signer,
    lastSigned: new LastSigned(config.dataDir),
    deliveries: destinationsOf(checkpoints).map((destination) => new Delivery(destination, alerts)),
    alerts,
    everyEvents: checkpoints.everyEvents,
    everyMs: checkpoints.everySeconds * 1000,
    stored: () => projector.liveMap.ordinal + 1,
  });
  sealDesk.staffedBy(signer, checkpointer);
  readiness.register('checkpoints', () => checkpointer.state);
  return checkpointer;
}

function destinationsOf({ file, syslog, webhook }: CheckpointsConfig): Destination[] {
  return [
    ...(file === undefined ? [] : [new FileDestination(file)]),
    ...(syslog === undefined ? [] : [new SyslogDestination(syslog)]),
    ...(webhook === undefined ? [] : [new WebhookDestination({ url: webhook.url, ...secretOf(webhook.secretFile) })]),
  ];
}

function secretOf(file: string | undefined): { readonly secret?: Buffer } {
  return file === undefined ? {} : { secret: readWebhookSecret(file) };
}
