/** What differs from run to run, and what stands for it. The order matters: the larger shape comes first. */
/** How often a device was read back in the meantime, and found without an entry, is of one run only. */
const stretches = /(neighbour entry|route) (?:(?:since )?<time>[^;\n]*)(?=;)/g;

/** How often a link was down is of one run only, and so is whether its end was billing's fact or its own return. */
const dark = /(?:^ *(?:<time> to|until) .*\n)+/gm;
/**
 * A dark stretch that every run has, and those that depend on whether an engine that just started heard billing or the
 * link first, and on whether it looked at the device between its loss and its repair. Any other line is told as it is.
 */
const linkWasDown = /^ *<time> to <time> the link of (\S+) was down, where (\S+) is;.*$/;
const ofOneRun =
  /^ *(?:until <time> \S+ had lost what it had for \S+ \(drift\), since when is not known|<time> to <time> the link of \S+, where \S+ is, had not been reported;.*)$/;

/** Whether a card spoke before it was replaced is a race with the capture, which starts anew with its interface. */
const seen = /^ *seen first <time>, last <time>\n/gm;

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
  [/\bkill -9 with \d+ of (\d+) (.*) \d+ routes still missing/g, 'kill -9 with <n> of $1 $2 <n> routes still missing'],
  // Whether an engine that just began had written its first event when it looked.
  [/\bruns on an empty log\b/g, 'runs on log'],
  [/\bevery one of the \d+ entries/g, 'every one of the <n> entries'],
  [/\ball \d+ and \d+ untouched/g, 'all <n> and <n> untouched'],
  [/[ \t]+$/gm, ''],
  [/(\S) {2,}/g, '$1 '],
];

/** Text in which times, durations, ids, hashes and ordinals of one run stand as their names, and columns lie close. */
export function normalised(text: string): string {
  const named = shapes.reduce((changed, [shape, name]) => changed.replace(shape, name), text);
  return named.replace(stretches, '$1 <stretches>').replace(seen, '').replace(dark, darkKinds).trim();
}

function darkKinds(lines: string): string {
  const told = lines
    .split('\n')
    .filter((line) => line !== '' && !ofOneRun.test(line))
    .map((line) => line.replace(linkWasDown, '<time> to <time> the link of $1 was down, where $2 is; <facts>'));
  return [...new Set(told)]
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}

/** A JSON answer with the values that are of one run only replaced by their names. */
export function normalisedJson(text: string): unknown {
  return JSON.parse(normalised(text), (key, value: unknown) =>
    ['ordinal', 'position', 'ageSeconds'].includes(key) ? `<${key}>` : value,
  ) as unknown;
}
