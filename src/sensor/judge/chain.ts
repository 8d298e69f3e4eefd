/** Where a value stands in its chain. */
export interface Link<Value> {
  readonly value: Value;
  before: Link<Value> | undefined;
  after: Link<Value> | undefined;
}

/**
 * Values in the order they were added; the first is found, and any is taken out, in the same time however many there were
 * before it. (A `Map` walks over the holes that deleted entries leave before it finds its first.)
 */
export class Chain<Value> {
  private head: Link<Value> | undefined;
  private tail: Link<Value> | undefined;

  get first(): Link<Value> | undefined {
    return this.head;
  }

  add(value: Value): Link<Value> {
    const link: Link<Value> = { value, before: undefined, after: undefined };
    this.append(link);
    return link;
  }

  /** Takes a link out that is in this chain. */
  remove(link: Link<Value>): void {
    if (link.before === undefined) this.head = link.after;
    else link.before.after = link.after;
    if (link.after === undefined) this.tail = link.before;
    else link.after.before = link.before;
    link.before = undefined;
    link.after = undefined;
  }

  /** Puts a link of this chain at its end. */
  moveToEnd(link: Link<Value>): void {
    if (link === this.tail) return;
    this.remove(link);
    this.append(link);
  }

  private append(link: Link<Value>): void {
    link.before = this.tail;
    if (this.tail === undefined) this.head = link;
    else this.tail.after = link;
    this.tail = link;
  }
}
