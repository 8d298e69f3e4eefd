import { Expect, Optional } from './shape.js';

/** What the console shows that the log cannot know. */
export class ConsoleConfig {
  /** File that says how switches look from the front; their ports are put in order by their names where absent. */
  @Optional()
  @Expect('the path of a file', (value) => typeof value === 'string' && value.length > 0)
  layouts?: string;
}
