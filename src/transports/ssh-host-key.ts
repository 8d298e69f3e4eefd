import { createHash } from 'node:crypto';

/** `SHA256:` and 43 base64 digits, as `ssh-keygen -lf` prints it, or a public key line such as `ssh-ed25519 AAAA...`. */
const fingerprintShape = /^SHA256:[A-Za-z0-9+/]{43}$/;
const keyLineShape = /^(ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]+={0,2})(?:\s.*)?$/;

/** Whether a text can pin a host key. */
export function isHostKeyPin(text: string): boolean {
  return fingerprintShape.test(text) || keyLineShape.test(text);
}

/** The fingerprint of a public key in its wire form (RFC 4253 section 6.6), as OpenSSH writes it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Whether the key a host shows is the pinned one. */
export function matchesPin(key: Buffer, pin: string): boolean {
  if (fingerprintShape.test(pin)) return fingerprintOf(key) === pin;
  const line = keyLineShape.exec(pin);
  return line?.[2] !== undefined && Buffer.from(line[2], 'base64').equals(key);
}

/** The key type a pin asks for; undefined for a fingerprint, which does not say. */
export function keyTypeOf(pin: string): string | undefined {
  return keyLineShape.exec(pin)?.[1];
}

/** The type a public key in its wire form begins with. */
export function typeOfKey(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const type = key.subarray(4, 4 + Math.min(length, 64)).toString('latin1');
  return /^[a-z0-9@.-]+$/.test(type) ? type : 'unknown';
}
