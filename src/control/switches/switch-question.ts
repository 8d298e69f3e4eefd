import { type PortState, portStates } from './port-state.js';

/** Which switches are asked for. */
export interface SwitchQuestion {
  /** Part of the name, in small letters. */
  readonly text: string;
  /** Only those with a port in one of these; empty: all. */
  readonly states: readonly PortState[];
  /** The last name of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

const fieldNames = ['q', 'state', 'limit', 'after'];
const usualLimit = 100;
export const mostSwitches = 500;

/** Reads the query of the list of switches, or says what is wrong with it. */
export function readSwitchQuestion(
  fields: Readonly<Record<string, unknown>>,
): SwitchQuestion | { readonly malformed: string } {
  const stray = Object.keys(fields).find((name) => !fieldNames.includes(name));
  if (stray !== undefined)
    return { malformed: `${stray.slice(0, 100)}: no such field; expected one of ${fieldNames.join(', ')}` };
  for (const name of fieldNames) {
    const value = fields[name];
    if (value !== undefined && (typeof value !== 'string' || value.length > 200))
      return { malformed: `${name}: expected one text of at most 200 characters` };
  }
  const { q = '', state = '', limit = String(usualLimit), after } = fields as Readonly<Record<string, string>>;
  const most = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (most < 1 || most > mostSwitches)
    return { malformed: `limit: found "${limit}", expected a whole number from 1 to ${mostSwitches}` };
  const states = state === '' ? [] : state.split(',');
  const stranger = states.find((one) => !isState(one));
  if (stranger !== undefined)
    return { malformed: `state: found "${stranger}", expected one or several of ${portStates.join(', ')}` };
  return { text: q.toLowerCase(), states: states.filter(isState), after, limit: most };
}

const isState = (text: string): text is PortState => portStates.some((state) => state === text);
