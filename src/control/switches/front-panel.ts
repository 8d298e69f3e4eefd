/** Ports that stand together on the metal, in the order they are numbered. */
export interface PanelBlock {
  /** Printed above it; absent where the names say it all. */
  readonly label?: string;
  /** Drawn apart, at the right. */
  readonly uplinks: boolean;
  /** 1 or 2. With two the first port is on top, the second below it, the third on top again. */
  readonly rows: 1 | 2;
  /** After so many ports there is a gap. */
  readonly group: number;
  /** Interfaces as billing spells them, without their switch. */
  readonly ports: readonly string[];
}

/** What a layout says of one switch: its blocks, from left to right. */
export interface PanelLayout {
  readonly name: string;
  readonly blocks: readonly PanelBlock[];
}

/** The front of one switch. */
export interface FrontPanel {
  /** The layout of the file, or what the names of its ports suggest. */
  readonly from: 'file' | 'names';
  /** Of the layout, where it is of the file. */
  readonly layout?: string;
  readonly blocks: readonly PanelBlock[];
}

/** The most ports a panel may show. */
export const mostPorts = 1_024;
export const usualGroup = 12;
/** Boxes have 48 ports and then uplinks. */
const usualPorts = 48;
/** Where a number is higher than this, the numbers are no places on one box: only the ports that are known are drawn. */
const longestBox = 128;
const countedFromZero = /^(ge|xe|et|fe|mge)-/;
/** Of the faster ports beside many slower ones. */
const fastNames =
  /^(te|fo|hu|twe|xe|et|tengig|twentyfivegig|fortygig|fiftygig|hundredgig|fourhundredgig|gigabitethernet\d+\/1\/)/i;
/** No sockets: what is made of others, and what is behind the box. */
const notOnTheFront = /^(po|port-channel|bond|lag|ae|vlan|lo|loopback|ma|management|mgmt|fxp|tunnel)/i;

interface Numbered {
  readonly name: string;
  /** What stands before the last number: `Ethernet`, `ge-0/0/`. */
  readonly stem: string;
  readonly number: number | undefined;
}

/** The front of a switch: as the layout says, with what it leaves out at the right; else as the names suggest. Pure. */
export function frontPanel(names: Iterable<string>, layout?: PanelLayout): FrontPanel {
  const known = [...new Set(names)].sort(compareNames);
  if (layout === undefined) return { from: 'names', blocks: blocksOfNames(known) };
  const placed = new Set(layout.blocks.flatMap(({ ports }) => ports));
  const others = known.filter((name) => !placed.has(name));
  const rest: PanelBlock = { label: 'not in the layout', uplinks: true, rows: 2, group: usualGroup, ports: others };
  return { from: 'file', layout: layout.name, blocks: [...layout.blocks, ...(others.length === 0 ? [] : [rest])] };
}

/** Ethernet2 before Ethernet10, ge-0/0/9 before ge-0/1/0. */
export function compareNames(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);
}

const collator = new Intl.Collator('en', { numeric: true });

function blocksOfNames(known: readonly string[]): PanelBlock[] {
  const families = new Map<string, Numbered[]>();
  for (const one of known.map(numbered)) families.set(one.stem, [...(families.get(one.stem) ?? []), one]);
  const front = [...families].filter(([stem]) => !notOnTheFront.test(stem));
  const largest = Math.max(0, ...front.map(([, ports]) => ports.length));
  const main: PanelBlock[] = [];
  const uplinks: string[] = [];
  const few = (ports: readonly Numbered[]): boolean => ports.length * 4 <= largest;
  const severalMain = front.filter(([stem, ports]) => !few(ports) && !isFast(stem, front)).length > 1;
  for (const [stem, ports] of front) {
    // Parts of one fast port (Ethernet49/1 to /4) and the faster ports stand at the right.
    if (few(ports) || isFast(stem, front)) {
      uplinks.push(...ports.map(({ name }) => name));
      continue;
    }
    const filled = withoutGaps(stem, ports);
    const [first] = filled;
    const isLong = filled.length > usualPorts && filled.length <= usualPorts + 16;
    const box = isLong ? filled.slice(0, usualPorts) : filled;
    if (isLong) uplinks.push(...filled.slice(usualPorts));
    if (first !== undefined)
      main.push({
        ...(severalMain && { label: stem }),
        uplinks: false,
        rows: 2,
        group: usualGroup,
        ports: box,
      });
  }
  const behind = known.filter((name) => notOnTheFront.test(name));
  return [...main, ...apart(uplinks), ...apart(behind, 'not on the front')];
}

function apart(ports: readonly string[], label?: string): PanelBlock[] {
  if (ports.length === 0) return [];
  return [{ ...(label !== undefined && { label }), uplinks: true, rows: 2, group: usualGroup, ports }];
}

/** Faster ports are uplinks only where there are slower ones beside them. */
function isFast(stem: string, families: readonly (readonly [string, readonly Numbered[]])[]): boolean {
  return fastNames.test(stem) && families.some(([other]) => !fastNames.test(other));
}

function numbered(name: string): Numbered {
  const [, stem = name, digits] = /^(.*?)(\d{1,6})$/.exec(name) ?? [];
  return { name, stem, number: digits === undefined ? undefined : Number(digits) };
}

/** A box has the ports between those that are known as well: without them the others would not stand where they do. */
function withoutGaps(stem: string, ports: readonly Numbered[]): string[] {
  const unnumbered = ports.filter(({ number }) => number === undefined).map(({ name }) => name);
  const inOrder = ports.flatMap(({ name, number }) => (number === undefined ? [] : [{ name, number }]));
  inOrder.sort((a, b) => a.number - b.number);
  const begin = countedFromZero.test(stem) ? 0 : 1;
  if ((inOrder.at(-1)?.number ?? 0) > longestBox) return [...inOrder.map(({ name }) => name), ...unnumbered];
  const filled: string[] = [];
  let next = begin;
  for (const { name, number } of inOrder) {
    for (; next < number; next++) filled.push(`${stem}${next}`);
    filled.push(name);
    next = Math.max(next, number + 1);
  }
  return [...filled, ...unnumbered];
}
