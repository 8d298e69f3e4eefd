/** What differs from run to run, and what stands for it. The order matters: the larger shape comes first. */
/** How often a device was read back in the meantime, and found without an entry, is of one run only. */
const stretches = /(neighbour entry|route) (?:(?:since )?<time>[^;\n]*)(?=;)/g;

/** How often a link was down, and a device had lost what it had, is of one run only: each kind of such a line once. */
const dark = /(?:^ *(?:<time> to|until) .*\n)+/gm;

const shapes: readonly (readonly [RegExp, string])[] = [
  [/portledger_[a-z0-9]{8}_[A-Za-z0-9_-]{43}/g, '<token>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/\b[0-9a-f]{8}…/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b[0-9a-f]{16,64}\b/g, '<hash>'],
  [/\b(\d+ (d|h|min|s) )+later\b/g, '<long> later'],
  [/\b\d+(\.\d+)? ms\b/g, '<n> ms'],
  [/(token:\S+) \([a-z0-9]{8}\)/g, '$1 (<id>)'],
  // How long a question took, the last column of `audit access`.
  [/\b(answered|refused|not-found) +(\d+|-) +\d+$/gm, '$1 $2 <n>'],
  [/#\d+\b/g, '#<n>'],
  [/\bordinal \d+\b/g, 'ordinal <n>'],
  // Whether billing's fact or the link's own return ends a dark stretch is a race between two processes.
  [/\bended by #<n> (?:LinkUp|ServerNicReplaced) <time>/g, 'ended by <end>'],
  [/\bkill -9 with \d+ of (\d+) (.*) \d+ routes still missing/g, 'kill -9 with <n> of $1 $2 <n> routes still missing'],
  [/\bevery one of the \d+ entries/g, 'every one of the <n> entries'],
  [/\ball \d+ and \d+ untouched/g, 'all <n> and <n> untouched'],
  [/[ \t]+$/gm, ''],
  [/(\S) {2,}/g, '$1 '],
];

/** Text in which times, durations, ids, hashes and ordinals of one run stand as their names, and columns lie close. */
export function normalised(text: string): string {
  const named = shapes.reduce((changed, [shape, name]) => changed.replace(shape, name), text);
  return named
    .replace(stretches, '$1 <stretches>')
    .replace(dark, (lines) =>
      [...new Set(lines.split('\n').sort())]
        .filter((one) => one !== '')
        .join('\n')
        .concat('\n'),
    )
    .trim();
}

/** A JSON answer with the values that are of one run only replaced by their names. */
export function normalisedJson(text: string): unknown {
  return JSON.parse(normalised(text), (key, value: unknown) =>
    ['ordinal', 'position', 'ageSeconds'].includes(key) ? `<${key}>` : value,
  ) as unknown;
}
