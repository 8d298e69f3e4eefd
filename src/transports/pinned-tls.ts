import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

/** How a box proves who it is: a certificate signed by this CA for the host's name, or exactly this certificate. */
export type TlsPin =
  | { readonly caFile: string }
  /** SHA-256 of the certificate's DER in hexadecimal, colons allowed (`openssl x509 -noout -fingerprint -sha256`). */
  | { readonly fingerprint: string };

/** The box showed a certificate that is not the pinned one, or what was to pin it cannot be read. */
export class PinError extends Error {}

/**
 * Opens TLS to a box and calls back once it has proved who it is; nothing is sent before.
 * Returns what ends the attempt.
 */
export function connectPinned(
  { host, port, pin }: { readonly host: string; readonly port: number; readonly pin: TlsPin },
  done: (error: Error | undefined, socket?: TLSSocket) => void,
): () => void {
  const byFingerprint = 'fingerprint' in pin ? fingerprintOf(pin.fingerprint) : undefined;
  if ('fingerprint' in pin && byFingerprint === undefined) {
    done(new PinError('the fingerprint is no SHA-256 in hexadecimal (64 digits, colons allowed)'));
    return () => undefined;
  }
  const ca = 'caFile' in pin ? readCa(pin.caFile) : undefined;
  if (ca instanceof PinError) {
    done(ca);
    return () => undefined;
  }
  const socket = connect({
    host,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // With a fingerprint the certificate itself is the pin, compared below before anything is sent.
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca, rejectUnauthorized: true }),
  });
  let settled = false;
  const settle = (error: Error | undefined): void => {
    if (settled) return;
    settled = true;
    if (error === undefined) return done(undefined, socket);
    socket.destroy();
    done(error);
  };
  socket.once('secureConnect', () => {
    const shown = fingerprintOf(socket.getPeerCertificate().fingerprint256 ?? '');
    if (byFingerprint === undefined || shown === byFingerprint) return settle(undefined);
    settle(new PinError(`it shows the certificate ${spelt(shown ?? 'none')} instead of ${spelt(byFingerprint)}`));
  });
  socket.once('error', (error: NodeJS.ErrnoException) =>
    settle(isDistrust(error) ? new PinError(error.message) : error),
  );
  socket.once('close', () => settle(new Error('the connection was closed before it was secured')));
  return () => settle(new Error('the connection was given up'));
}

/** 64 lower-case digits, or undefined. */
function fingerprintOf(text: string): string | undefined {
  const digits = text.replaceAll(':', '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}

const spelt = (digits: string): string => digits.toUpperCase().replace(/(..)(?=.)/g, '$1:');

function readCa(path: string): Buffer | PinError {
  try {
    return readFileSync(path);
  } catch (cause) {
    return new PinError(`the CA file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** Errors of the chain or the name in a certificate, as against those of the network. */
function isDistrust(error: NodeJS.ErrnoException): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|INVALID_CA/.test(error.code ?? '');
}
