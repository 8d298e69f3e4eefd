import type { Session } from './session.js';

/** Some place of the console: the view that shows it, and what that view needs to know. */
export interface AnyPlace {
  readonly view: string;
}

/** An address below the first step of its page: more steps, and what stands behind the question mark. */
export interface Written {
  readonly steps: readonly string[];
  readonly query?: URLSearchParams;
}

/** A key and what it does, as the help says it. */
export type KeyHelp = readonly (readonly [string, string])[];

/** A page: an entry of the bar, and all the places that belong to it. Pure: what draws it is in `views.ts`. */
export interface PageOf<Some extends AnyPlace> {
  /** Its name in the bar. */
  readonly name: string;
  /** `g` and this letter go to it. */
  readonly letter: string;
  /** The first step of its addresses below `/console/`. */
  readonly step: string;
  /** The route that a reader must be allowed to call: `GET /v1/map`. */
  readonly needs: string;
  /** Where the bar leads. */
  readonly start: Some;
  /** The views of its places. */
  readonly views: readonly Some['view'][];
  /** The keys that do something on it for this reader. */
  readonly keys?: (session: Session) => KeyHelp;
  /** The place of an address, with decoded steps that are not empty; undefined where there is none. */
  readonly read: (steps: readonly string[], query: URLSearchParams) => Some | undefined;
  /** The address of a place: `read` gives the same place again. */
  readonly write: (place: Some) => Written;
}
