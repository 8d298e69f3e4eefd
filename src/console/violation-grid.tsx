import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Line } from './grouped.js';
import { GroupCells, ViolationCells } from './grid-cells.js';
import type { Filter } from './filter.js';
import { useRowWindow } from './use-row-window.js';

interface GridProps {
  readonly lines: readonly Line[];
  /** Of the list; the same object for as long as it says the same. */
  readonly filter: Filter;
  /** Key of the line the reader is on. */
  readonly cursor: string | undefined;
  readonly selected: ReadonlySet<string>;
  /** False: nobody here may do anything with a selection. */
  readonly isSelectable: boolean;
  readonly onPick: (line: Line) => void;
  readonly onToggle: (line: Line) => void;
  /** Selects every line there is, or lets go of all. */
  readonly onToggleAll: () => void;
  /** The end of what is here comes into sight. */
  readonly onEnd: () => void;
  readonly onScroll: (scrollTop: number) => void;
}

/** The columns and how they are styled, in their order. */
const columns = [
  ['Severity', 'worst'],
  ['What', 'what'],
  ['Who', 'parties'],
  ['Port', 'port'],
  ['Frames', 'frames'],
  ['Heard', 'heard'],
  ['State', 'stands'],
] as const;
/** The same places, for groups. */
const groupColumns = [
  ['Worst', 'worst'],
  ['Group', 'what'],
  ['Heard first', 'parties'],
  ['24 hours', 'port'],
  ['Frames', 'frames'],
  ['Heard', 'heard'],
  ['Violations', 'stands'],
] as const;
const heights = { wide: 34, narrow: 62, narrowBelow: 720 };

/** The list as a grid of rows of one height, of which only those in sight are drawn. */
export function ViolationGrid(props: GridProps): VNode {
  const { lines, filter, cursor, selected, isSelectable, onPick, onToggle, onToggleAll, onEnd, onScroll } = props;
  const isGrouped = lines[0]?.kind === 'group';
  const shown = useRowWindow(lines.length, heights, { onEnd, onScroll });
  const { isNarrow, rowHeight } = shown;
  const index = cursor === undefined ? -1 : lines.findIndex(({ key }) => key === cursor);

  // The row the reader is on stays where it is when others come in above it.
  const before = useRef({ cursor, index });
  useLayoutEffect(() => {
    const { cursor: cursorBefore, index: indexBefore } = before.current;
    before.current = { cursor, index };
    if (index < 0) return;
    const isMoved = cursor === cursorBefore && indexBefore >= 0 && index !== indexBefore;
    if (isMoved) shown.moveBy(index - indexBefore);
    else if (cursor !== cursorBefore) shown.reveal(index);
  }, [cursor, index, rowHeight]);

  const indexes = Array.from({ length: shown.end - shown.first }, (_, at) => shown.first + at);
  return (
    <div
      ref={shown.box}
      class={`grid ${isNarrow ? 'narrow' : 'wide'} ${shown.width < 1060 ? 'tight' : ''} ${isSelectable ? 'selectable' : ''}`}
      role="grid"
      tabIndex={0}
      aria-label={isGrouped ? 'Groups of violations' : 'Violations'}
      aria-rowcount={lines.length + 1}
      aria-multiselectable={isSelectable}
      aria-activedescendant={index >= shown.first && index < shown.end ? `line-${index}` : undefined}
      onScroll={(event) => shown.scrolled(event.currentTarget)}
    >
      <div class="head" role="row" aria-rowindex={1}>
        {isSelectable && (
          <span role="columnheader" class="cell pick">
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label="Select all that are read"
              checked={lines.every((line) => isLineSelected(line, selected))}
              onClick={onToggleAll}
            />
          </span>
        )}
        {(isGrouped ? groupColumns : columns).map(([name, style]) => (
          <span key={name} role="columnheader" class={`cell ${style}`}>
            {name}
          </span>
        ))}
      </div>
      <div class="rows" role="rowgroup" style={{ height: `${lines.length * rowHeight}px` }}>
        {indexes.map((at) => {
          const line = lines[at];
          if (line === undefined) return null;
          const isSelected = isLineSelected(line, selected);
          return (
            <div
              key={line.key}
              id={`line-${at}`}
              role="row"
              aria-rowindex={at + 2}
              aria-selected={isSelectable ? isSelected : undefined}
              class={`row ${line.kind} ${at === index ? 'cursor' : ''} ${isSelected ? 'selected' : ''}`}
              style={{ transform: `translateY(${at * rowHeight}px)`, height: `${rowHeight}px` }}
              onClick={() => onPick(line)}
            >
              {isSelectable && (
                <span role="gridcell" class="cell pick">
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label="Selected"
                    checked={isSelected}
                    onClick={(event) => {
                      event.stopPropagation();
                      onToggle(line);
                    }}
                  />
                </span>
              )}
              {line.kind === 'group' ? (
                <GroupCells group={line.group} filter={filter} />
              ) : (
                <ViolationCells violation={line.violation} filter={filter} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const isLineSelected = (line: Line, selected: ReadonlySet<string>): boolean => selected.has(line.key);
