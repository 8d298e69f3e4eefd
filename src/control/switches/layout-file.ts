import { readFileSync } from 'node:fs';
import { parsePort } from '../../../events/index.js';
import { ConfigError } from '../../config/load-config.js';
import {
  checkShape,
  Expect,
  fillShape,
  NestedList,
  Optional,
  type ShapeProblem,
  showValue,
} from '../../config/shape.js';
import { mostPorts, type PanelLayout, usualGroup } from './front-panel.js';

const switchPattern = /^(?:\*|[a-z0-9][a-z0-9._-]{0,62}\*?)$/;
const listOf =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.every(check);

/** Ports that stand together. */
class BlockShape {
  /** What is printed above the block. */
  @Optional()
  @Expect('a text of 1 to 40 characters', (value) => typeof value === 'string' && /^[ -~]{1,40}$/.test(value))
  label?: string;
  /** Interfaces as billing spells them, in the order they are numbered; `[1-48]` stands for each of these numbers. */
  @Expect(
    'a list of interfaces, such as ["Ethernet[1-48]", "Ethernet49/1"], at most 1024 in all',
    listOf((value) => typeof value === 'string' && expanded(value) !== undefined),
  )
  ports!: string[];
  /** 2: the first port on top, the second below it; 1: all beside each other. */
  @Expect('1 or 2', (value) => value === 1 || value === 2)
  rows: 1 | 2 = 2;
  /** After so many ports there is a gap. */
  @Expect(
    'a whole number from 1 to 64',
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 64,
  )
  group = usualGroup;
  /** True: drawn apart, at the right. */
  @Expect('true or false', (value) => typeof value === 'boolean')
  uplinks = false;
}

class LayoutShape {
  /** Of the layout, as the page shows it. */
  @Expect('a text of 1 to 40 characters', (value) => typeof value === 'string' && /^[ -~]{1,40}$/.test(value))
  name!: string;
  /** The switches that look like this: names, the end of which may be left to a `*`. */
  @Expect(
    'a list of switch names, such as ["leaf1", "spine*", "*"]',
    listOf((value) => typeof value === 'string' && switchPattern.test(value)),
  )
  switches!: string[];
  @NestedList(BlockShape)
  blocks!: BlockShape[];
}

class FileShape {
  @NestedList(LayoutShape)
  layouts!: LayoutShape[];
}

/** How switches look from the front. The first layout that names a switch is its layout. */
export class PanelLayouts {
  constructor(
    private readonly layouts: readonly { readonly patterns: readonly string[]; readonly layout: PanelLayout }[],
  ) {}

  of(switchName: string): PanelLayout | undefined {
    return this.layouts.find(({ patterns }) => patterns.some((pattern) => fits(switchName, pattern)))?.layout;
  }
}

/**
 * The layouts of a file; none where there is no file.
 * Throws a ConfigError that names file, place, what was found and what was expected.
 */
export function readLayouts(file: string | undefined): PanelLayouts {
  if (file === undefined) return new PanelLayouts([]);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const found = `no file that can be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    throw new ConfigError(file, [{ pointer: '', found, expected: 'the layouts that console.layouts names' }]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const found = `text that is not JSON (${(error as Error).message})`;
    throw new ConfigError(file, [{ pointer: '', found, expected: 'a JSON object' }]);
  }
  return parseLayouts(json, file);
}

/** What parsed JSON means as layouts. Throws a ConfigError as `readLayouts` does. */
export function parseLayouts(json: unknown, file: string): PanelLayouts {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new ConfigError(file, [{ pointer: '', found: showValue(json), expected: 'a JSON object' }]);
  const problems: ShapeProblem[] = [];
  const shape = fillShape(FileShape, json, problems);
  problems.push(...checkShape(shape));
  const { layouts } = shape;
  if (problems.length === 0) problems.push(...portProblems(layouts));
  if (problems.length > 0) throw new ConfigError(file, problems);
  return new PanelLayouts(
    layouts.map(({ name, switches, blocks }) => ({
      patterns: switches,
      layout: {
        name,
        blocks: blocks.map(({ label, ports, rows, group, uplinks }) => ({
          ...(label !== undefined && { label }),
          ports: ports.flatMap((port) => expanded(port) ?? []),
          rows,
          group,
          uplinks,
        })),
      },
    })),
  );
}

/** A port has one place, and a panel no more ports than can be shown. */
function portProblems(layouts: readonly LayoutShape[]): ShapeProblem[] {
  return layouts.flatMap(({ blocks }, l) => {
    const problems: ShapeProblem[] = [];
    const seen = new Set<string>();
    let count = 0;
    blocks.forEach(({ ports }, b) => {
      ports.forEach((text, p) => {
        const names = expanded(text) ?? [];
        const twice = names.find((name) => seen.has(name));
        const pointer = `/layouts/${l}/blocks/${b}/ports/${p}`;
        if (twice !== undefined) problems.push({ pointer, found: showValue(twice), expected: 'a port named once' });
        for (const name of names) seen.add(name);
        count += names.length;
      });
    });
    if (count > mostPorts)
      problems.push({
        pointer: `/layouts/${l}/blocks`,
        found: `${count} ports`,
        expected: `at most ${mostPorts} in a layout`,
      });
    return problems;
  });
}

/** The interfaces that a text with at most one `[from-to]` stands for; undefined where it is none. */
function expanded(text: string): string[] | undefined {
  const range = /^([^[\]]*)\[(\d{1,4})-(\d{1,4})\]([^[\]]*)$/.exec(text);
  const names = range === null ? [text] : namesOf(range);
  const areGood = names.length > 0 && names.every((name) => parsePort(`x:${name}`) !== undefined);
  return areGood ? names : undefined;
}

function namesOf([, before = '', from = '', to = '', after = '']: RegExpExecArray): string[] {
  const count = Number(to) - Number(from) + 1;
  if (count < 1 || count > mostPorts) return [];
  return Array.from({ length: count }, (_, index) => `${before}${Number(from) + index}${after}`);
}

function fits(switchName: string, pattern: string): boolean {
  return pattern.endsWith('*') ? switchName.startsWith(pattern.slice(0, -1)) : switchName === pattern;
}
