import type { VNode } from 'preact';

interface SearchProps {
  /** What it finds, for those who hear the page. */
  readonly label: string;
  readonly placeholder: string;
  /** What the button says. */
  readonly action: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSearch: () => void;
}

/** The field in the head of a list by which one of its things is named. */
export function SearchForm({ label, placeholder, action, text, onText, onSearch }: SearchProps): VNode {
  const submit = (event: Event): void => {
    event.preventDefault();
    onSearch();
  };
  return (
    <form role="search" onSubmit={submit}>
      <label class="search">
        <span class="hidden">{label}</span>
        <input
          type="search"
          value={text}
          placeholder={placeholder}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </label>
      <button>{action}</button>
    </form>
  );
}
