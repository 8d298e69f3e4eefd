/** Which rows of a long list are drawn. */
export interface VirtualWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** The rows in sight and some on either side, so that a quick scroll finds them drawn. All lengths in px. */
export function virtualWindow(
  list: { readonly rows: number; readonly rowHeight: number },
  view: { readonly scrollTop: number; readonly height: number },
  spare = 8,
): VirtualWindow {
  const first = Math.max(0, Math.floor(view.scrollTop / list.rowHeight) - spare);
  const end = Math.min(list.rows, Math.ceil((view.scrollTop + view.height) / list.rowHeight) + spare);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that a row is wholly in sight; the place as it is where it is already. */
export function scrollToRow(
  index: number,
  rowHeight: number,
  view: { readonly scrollTop: number; readonly height: number },
): number {
  const top = index * rowHeight;
  if (top < view.scrollTop) return top;
  if (top + rowHeight > view.scrollTop + view.height) return top + rowHeight - view.height;
  return view.scrollTop;
}
