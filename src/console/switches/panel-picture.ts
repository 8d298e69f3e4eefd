import { shortText } from '../shown-text.js';
import type { Front, FrontPort } from './front.js';
import { metalOf } from './metal.js';
import { portStates, type PortState, symbols, titles } from './port-states.js';

/** The colours of the page as it is looked at. */
export interface PictureColours {
  readonly ground: string;
  readonly text: string;
  readonly soft: string;
  readonly of: Readonly<Record<PortState, string>>;
}

/** Something that is drawn, in pixels from the left and the top. */
export type Stroke =
  | { readonly kind: 'box'; readonly x: number; readonly y: number; readonly colour: string }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly colour: string;
      readonly centred: boolean;
    };

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly ground: string;
  readonly strokes: readonly Stroke[];
}

const cell = 40;
/** Width and height of a socket. */
export const box = 36;
const gap = 16;
const margin = 24;
const mostWidth = 1_600;
const lineHeight = 20;

/** The front of a switch as a list of strokes, from the same model as the page. `at`: what is written for the moment. Pure. */
export function pictureOf(front: Front, at: string, colours: PictureColours): Picture {
  const ports = new Map(front.ports.map((port) => [port.interface, port]));
  const strokes: Stroke[] = [];
  const write = (x: number, y: number, text: string, size: number, colour = colours.text, centred = false): void =>
    void strokes.push({ kind: 'text', x, y, text, size, colour, centred });
  write(margin, margin + 16, shortText(front.switch, 80), 18);
  write(margin, margin + 38, shortText(at, 80), 12, colours.soft);
  let [x, y, width, lineRows] = [margin, margin + 60, 0, 0];
  for (const group of metalOf(front.panel.blocks)) {
    const columns = group.rows[0]?.length ?? 0;
    if (x > margin && x + columns * cell > mostWidth) [x, y, lineRows] = [margin, y + lineRows * cell + gap * 2, 0];
    if (group.label !== undefined) write(x, y - 6, shortText(group.label, 40), 11, colours.soft);
    group.rows.forEach((row, r) =>
      row.forEach((name, c) => drawPort(strokes, x + c * cell, y + r * cell, ports.get(name), name, colours)),
    );
    lineRows = Math.max(lineRows, group.rows.length);
    x += columns * cell + gap;
    width = Math.max(width, x);
  }
  y += lineRows * cell + gap * 2;
  for (const state of portStates.filter((one) => front.counts[one] > 0)) {
    write(margin, y, symbols[state], 15, colours.of[state]);
    write(margin + 22, y, `${front.counts[state]} ${titles[state]}`, 13);
    y += lineHeight;
  }
  return { width: Math.max(width + margin, 360), height: y + margin - lineHeight / 2, ground: colours.ground, strokes };
}

function drawPort(
  strokes: Stroke[],
  x: number,
  y: number,
  port: FrontPort | undefined,
  name: string,
  { of, soft }: PictureColours,
): void {
  const state = port?.state ?? 'free';
  const centre = x + box / 2;
  strokes.push({ kind: 'box', x, y, colour: of[state] });
  strokes.push({
    kind: 'text',
    x: centre,
    y: y + 18,
    text: symbols[state],
    size: 16,
    colour: of[state],
    centred: true,
  });
  const number = shortText(/\d+$/.exec(name)?.[0] ?? name, 5);
  strokes.push({ kind: 'text', x: centre, y: y + 31, text: number, size: 10, colour: soft, centred: true });
}
