import { Component, type FunctionComponent, h, type VNode } from 'preact';

/** A view that is drawn again only when one of its properties is another: rows of a list that stand still cost nothing. */
export function memo<Props extends object>(View: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const known = this.props as Props;
      return (Object.keys(next) as (keyof Props)[]).some((name) => next[name] !== known[name]);
    }
    override render(): VNode {
      return h(View as FunctionComponent<object>, this.props);
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
