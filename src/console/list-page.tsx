import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading, Trouble } from './conditions.js';
import { Freshness } from './freshness.js';
import { SearchForm } from './search-form.js';
import type { Polled } from './use-polled.js';

/** The field by which one thing of the list is found. */
interface Finding {
  readonly label: string;
  readonly placeholder: string;
  /** What is found now. */
  readonly text: string | undefined;
  /** @param wanted without spaces around it; undefined where nothing is */
  readonly onFind: (wanted: string | undefined) => void;
}

interface ListPageProps<Value> {
  /** In the plural: `Switches`. */
  readonly name: string;
  readonly style: string;
  readonly polled: Polled<Value>;
  readonly find?: Finding;
  /** Buttons at the end of the head. */
  readonly tools?: ComponentChildren;
  /** What is shown once it was read. */
  readonly children: (value: Value) => ComponentChildren;
}

/** A page of one list that is kept up to date: its name, how one thing of it is found, and the list, or why there is none. */
export function ListPage<Value>({ name, style, polled, find, tools, children }: ListPageProps<Value>): VNode {
  useEffect(() => void (document.title = `${name} · portledger`), [name]);
  const { value, why, isRefused, again } = polled;
  const things = name.toLowerCase();
  return (
    <div class={style}>
      <header>
        <h1>{name}</h1>
        {find !== undefined && <Finder {...find} />}
        <Freshness polled={polled} />
        {tools}
      </header>
      {value !== undefined ? (
        children(value)
      ) : why === undefined ? (
        <Loading what={`the ${things}`} />
      ) : (
        <Trouble title={`The ${things} cannot be shown`} detail={why} onRetry={isRefused ? undefined : again} />
      )}
    </div>
  );
}

function Finder({ label, placeholder, text: found, onFind }: Finding): VNode {
  const [text, setText] = useState(found ?? '');
  const search = (): void => {
    const wanted = text.trim();
    onFind(wanted === '' ? undefined : wanted);
  };
  return (
    <SearchForm label={label} placeholder={placeholder} action="Find" text={text} onText={setText} onSearch={search} />
  );
}
