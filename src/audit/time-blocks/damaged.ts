/** What is kept beside the log says something else than was written, or lacks a part. Nothing of it is believed. */
export class DamagedKeep extends Error {
  constructor(what: string) {
    super(`What is kept beside the log is damaged: ${what}. It is made anew from the log by the engine.`);
    this.name = 'DamagedKeep';
  }
}
