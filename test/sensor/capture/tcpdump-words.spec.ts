import { TcpdumpWords } from '../../../src/sensor/capture/tcpdump-words.js';

const started = 'tcpdump: listening on vlan16, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n';
const atTheEnd = '3 packets captured\n5 packets received by filter\n2 packets dropped by kernel\n';
const whenAsked = 'tcpdump: 1 packet captured, 2 packets received by filter, 0 packets dropped by kernel\n';

function told(...pieces: readonly string[]): TcpdumpWords {
  const words = new TcpdumpWords();
  for (const piece of pieces) words.take(piece);
  words.end();
  return words;
}

describe('what tcpdump says', () => {
  it.each([
    ['when it is asked', whenAsked, { captured: 1, receivedByFilter: 2, droppedByKernel: 0 }],
    ['at its end', atTheEnd, { captured: 3, receivedByFilter: 5, droppedByKernel: 2 }],
  ])('holds its counts, %s', (_when, text, counts) => {
    expect(told(started, text)).toMatchObject(counts);
  });

  it('is understood in pieces of any size, also where the last line has no newline', () => {
    const text = started + whenAsked + atTheEnd.trimEnd();
    for (const size of [1, 2, 3, 7, 50]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(told(...pieces)).toMatchObject({ captured: 3, receivedByFilter: 5, droppedByKernel: 2, words: started });
    }
  });

  it('tells the latest counts', () => {
    expect(told(whenAsked, atTheEnd.replace('2 packets dropped', '1 packet dropped'))).toMatchObject({
      droppedByKernel: 1,
      receivedByFilter: 5,
    });
  });

  it('is kept but for its counts, the last 4096 characters of it', () => {
    expect(told(started, 'tcpdump: vlan16: ', 'That device is not up\n', atTheEnd).words).toBe(
      `${started}tcpdump: vlan16: That device is not up\n`,
    );
    const words = told('x'.repeat(10_000), 'y\n').words;
    expect(words).toHaveLength(4096);
    expect(words.endsWith('y\n')).toBe(true);
    expect(told('line\n'.repeat(2_000)).words).toHaveLength(4096);
  });
});
