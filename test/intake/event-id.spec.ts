import { createHash } from 'node:crypto';
import fc from '../support/property.js';
import { storedEventId, uuidV5 } from '../../src/intake/event-id.js';

describe('the id an event is stored under', () => {
  it('follows RFC 9562 appendix A.4', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('is the same for the same source and id, and only then', () => {
    const id = storedEventId('urn:billing:eu', '1');
    expect(storedEventId('urn:billing:eu', '1')).toBe(id);
    expect(storedEventId('urn:billing:us', '1')).not.toBe(id);
    expect(storedEventId('urn:billing:eu', '2')).not.toBe(id);
    expect(storedEventId('urn:billing:e', 'u1')).not.toBe(id);
  });

  it('is the SHA-1 of namespace and name with version and variant set, however long and in whatever script the name is', () => {
    const names = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('é'.repeat(2000)));
    fc.assert(
      fc.property(fc.uuid(), names, (namespace, name) => {
        const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
        const digest = createHash('sha1').update(bytes).update(name, 'utf8').digest().subarray(0, 16);
        digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
        digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
        expect(uuidV5(namespace, name).replaceAll('-', '')).toBe(digest.toString('hex'));
        expect(uuidV5(namespace, name)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      }),
    );
  });
});
