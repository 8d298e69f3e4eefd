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
});
