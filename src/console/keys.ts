/** Every key of the console, as the help shows them. The keys of actions are in `actions.ts`. */
export const keyHelp: readonly (readonly [string, string])[] = [
  ['j / k', 'next, previous line'],
  ['Home / End', 'first, last line'],
  ['Enter', 'open the violation, or the list of a group'],
  ['[ / ]', 'previous, next violation while one is open'],
  ['x', 'select, or let go of it'],
  ['X', 'select all that are read, or let go of them'],
  ['Shift j / k', 'select while going'],
  ['n', 'show what is new'],
  ['/', 'search'],
  ['m', 'mute'],
  ['p', 'the port page of it'],
  ['Esc', 'close, let go of the selection, let go of the line'],
  ['?', 'this help'],
];

/** Whether keys belong to what the reader is typing into. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** A key by its name, with `Shift` only where it makes no other letter; undefined for what browsers use themselves. */
export function keyOf(event: KeyboardEvent): string | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  return event.key;
}
