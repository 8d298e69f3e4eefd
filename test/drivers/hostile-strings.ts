/** What has broken a parser, a shell, a configuration language or a reader's eye before. */
export const hostilePieces = [
  ...['\n', '\r', '\r\n', '\0', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029', '\u00a0', '\u1680', '\u3000', '\ufeff'],
  ...[
    '"',
    "'",
    '`',
    ';',
    '!',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '<',
    '>',
    '|',
    '&',
    '%',
    '#',
    '$',
    '\\',
    '/',
    '*',
    '?',
    '~',
    '=',
    ',',
    '@',
    '^',
  ],
  ...[
    '$(reboot)',
    '`reboot`',
    '${HOME}',
    '\\n',
    '\\x0a',
    '%0a',
    '%s%n',
    '&#10;',
    '\u001b[2J',
    '\u001b]0;x\u0007',
    '\u0003',
    '\u0004',
    '\u0008',
  ],
  ...[
    '\u202e',
    '\u202d',
    '\u2066',
    '\u2069',
    '\u200b',
    '\u200e',
    '\u00ad',
    '\u2060',
    '\ud800',
    '\udc00',
    '\ud83d\ude00',
    'e\u0301',
  ],
  ...['０', '１', 'ａ', '：', '．', '／', '٣', '๓', 'ı', '\u212a', 'ſ', 'ß', 'İ'],
  ...[
    ' ',
    '  ',
    '-',
    '--',
    '.',
    '..',
    '../',
    ':',
    '::',
    '0',
    '00',
    '0x',
    '1e3',
    '+',
    'A',
    'f',
    'g',
    '/0',
    '/129',
    '/48',
    '%vlan16',
    '__proto__',
    'constructor',
  ],
  ...[
    ' dev lo',
    ' nud none',
    '\nneigh flush all',
    '\nno ip routing',
    '\nexit\nreload',
    '; reload',
    '; } protocol static x {',
    '"; include "/etc/passwd',
    '*/',
    '/*',
    '# ',
    '\n!\n',
    ' vrf default',
    'a'.repeat(70),
    'a'.repeat(5_000),
  ],
] as const;

/** Whole numbers from 0 to below `limit`, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** A string that is nearly the valid one, or nothing like it. */
export function hostileString(valid: string, number: (limit: number) => number): string {
  const piece = (): string => hostilePieces[number(hostilePieces.length)] ?? '';
  const place = number(valid.length + 1);
  switch (number(10)) {
    case 0:
      return piece();
    case 1:
      return `${piece()}${valid}`;
    case 2:
    case 3:
      return `${valid}${piece()}`;
    case 4:
    case 5:
      return `${valid.slice(0, place)}${piece()}${valid.slice(place)}`;
    case 6:
      return `${valid.slice(0, place)}${piece()}${valid.slice(place + 1)}`;
    case 7:
      return `${valid.slice(0, place)}${String.fromCharCode(number(0x10000))}${valid.slice(place + number(2))}`;
    case 8: {
      // One printable character exchanged: what comes out is often as valid as what went in.
      const other = String.fromCharCode(0x20 + number(0x5f));
      return `${valid.slice(0, place)}${other}${valid.slice(place + 1)}`;
    }
    default:
      return number(2) === 0 ? valid.toUpperCase() : `${piece()}${piece()}${valid}${piece()}`;
  }
}
