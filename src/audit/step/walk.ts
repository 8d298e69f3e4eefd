/** What a key asks of a walk. */
export type Move = 'next' | 'back' | 'first' | 'quit' | 'interrupt';

const moves: Readonly<Record<string, Move>> = {
  ...{
    ' ': 'next',
    n: 'next',
    '\r': 'next',
    '\u001b[C': 'next',
    '\u001b[B': 'next',
    '\u001bOC': 'next',
    '\u001bOB': 'next',
  },
  ...{
    p: 'back',
    b: 'back',
    '\u007f': 'back',
    '\u001b[D': 'back',
    '\u001b[A': 'back',
    '\u001bOD': 'back',
    '\u001bOA': 'back',
  },
  ...{ g: 'first', '\u001b[H': 'first', q: 'quit', '\u0004': 'quit', '\u0003': 'interrupt' },
};

/** The moves in what was typed; keys that mean nothing are passed by. */
export function movesIn(typed: string): Move[] {
  // oxlint-disable-next-line no-control-regex
  const keys = typed.match(/\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|[^]/g) ?? [];
  return keys.flatMap((key) => moves[key] ?? []);
}

/** A terminal to walk on: keys come in, pictures go out. */
export interface Screen {
  typed(): AsyncIterable<string>;
  draw(text: string): void;
}

const footer = 'space or \u2192 next, \u2190 back, g first, q quit';

/** Shows one picture after the other, as the keys ask; pictures are made when they are first wanted. */
export async function walk(screen: Screen, pictures: AsyncIterator<string, void>): Promise<'done' | 'interrupted'> {
  const seen: string[] = [];
  let at = 0;
  let isOver = false;
  const show = async (): Promise<void> => {
    while (!isOver && seen.length <= at) {
      const { done, value } = await pictures.next();
      if (done === true) isOver = true;
      else seen.push(value);
    }
    at = Math.max(0, Math.min(at, seen.length - 1));
    const end = isOver && at >= seen.length - 1 ? ', this is the last' : '';
    screen.draw(`${seen[at] ?? 'There is no step to show.'}\n\n${footer}${end}\n`);
  };
  await show();
  for await (const typed of screen.typed()) {
    for (const move of movesIn(typed)) {
      if (move === 'quit') return 'done';
      if (move === 'interrupt') return 'interrupted';
      at = move === 'first' ? 0 : Math.max(0, at + (move === 'next' ? 1 : -1));
      await show();
    }
  }
  return 'done';
}
