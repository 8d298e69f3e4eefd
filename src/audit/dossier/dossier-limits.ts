/** No dossier is larger; who checks one reads no further. */
export const mostBytes = 64 * 1024 * 1024;

/** Most events in one dossier, where its sources say nothing else. */
export const mostEvents = 5000;

/** An answer that takes more events, or more bytes, than one dossier may hold. */
export class DossierTooLarge extends Error {
  constructor(what: string) {
    super(`${what}: ask for less with at or between, or about one address instead of a prefix or a port.`);
    this.name = 'DossierTooLarge';
  }
}
