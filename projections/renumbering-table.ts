/** What an operator's word, or a found end, has made of a renumbering. */
export const renumberingOrders = [
  'planned',
  'granting',
  'releasing',
  'restoring',
  'reverting',
  'finished',
  'rolled-back',
  'void',
] as const;
export type RenumberingOrder = (typeof renumberingOrders)[number];

/** `next` and `back` are an operator's; the others are ends that were found. */
export const renumberingWords = ['next', 'back', 'finished', 'rolled-back', 'void'] as const;
export type RenumberingWord = (typeof renumberingWords)[number];

export type RenumberingCell =
  | { readonly to: RenumberingOrder }
  /** It goes on as it was, and whoever asked is told why. */
  | { readonly refused: string };

const to = (order: RenumberingOrder): RenumberingCell => ({ to: order });
const no = (refused: string): RenumberingCell => ({ refused });
const notItsEnd = no('that is not how it ends from here');
const isOver = no('it is over');

/** What each word makes of each order; what the world says decides the state (`renumberingState`). */
export const renumberingTable: Readonly<Record<RenumberingOrder, Readonly<Record<RenumberingWord, RenumberingCell>>>> =
  {
    // Nothing was asked of billing: there is nothing to undo.
    planned: {
      next: to('granting'),
      back: to('rolled-back'),
      finished: notItsEnd,
      'rolled-back': notItsEnd,
      void: to('void'),
    },
    // Billing was asked for the new prefix. It may have released the old one of itself.
    granting: {
      next: to('releasing'),
      back: to('reverting'),
      finished: to('finished'),
      'rolled-back': notItsEnd,
      void: to('void'),
    },
    releasing: {
      next: no('billing was asked to release the old prefix, and has to'),
      back: to('restoring'),
      finished: to('finished'),
      'rolled-back': notItsEnd,
      void: to('void'),
    },
    // Billing was asked for the old prefix again; once it is there, all is as while both are live.
    restoring: {
      next: to('releasing'),
      back: to('reverting'),
      finished: notItsEnd,
      'rolled-back': notItsEnd,
      void: to('void'),
    },
    reverting: {
      next: no('it is being rolled back; start another one once it is'),
      back: no('it is being rolled back already'),
      finished: notItsEnd,
      'rolled-back': to('rolled-back'),
      void: to('void'),
    },
    finished: {
      next: no('it is finished'),
      back: to('restoring'),
      finished: isOver,
      'rolled-back': isOver,
      void: isOver,
    },
    'rolled-back': {
      next: no('it was rolled back; start another one'),
      back: no('it was rolled back already'),
      finished: isOver,
      'rolled-back': isOver,
      void: isOver,
    },
    void: {
      next: no('the server is not sold any more'),
      back: no('the server is not sold any more'),
      finished: isOver,
      'rolled-back': isOver,
      void: isOver,
    },
  };

/** True for what neither waits for anybody nor is watched any more. */
export function isEnded(order: RenumberingOrder): boolean {
  return order === 'finished' || order === 'rolled-back' || order === 'void';
}
