import { readdirSync, readFileSync } from 'node:fs';

/** A process, told apart from a later one of the same number by the time it started. */
export interface Running {
  readonly pid: number;
  readonly name: string;
  readonly started: string;
}

/** Every process below this one, children of children included, as the kernel shows them. */
export function descendantsOf(pid: number): Running[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const found: Running[] = [];
  const look = (parent: number): void => {
    for (const { parent: above, ...running } of all) {
      if (above !== parent) continue;
      found.push(running);
      look(running.pid);
    }
  };
  look(pid);
  return found;
}

/** Whether it still runs; one that only waits to be collected by its parent does not. */
export function isRunning({ pid, started }: Running): boolean {
  const now = statOf(pid);
  return now !== undefined && now.started === started && now.state !== 'Z';
}

function statOf(pid: number): (Running & { readonly parent: number; readonly state: string }) | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const [state = '', parent = '', ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, name, state, parent: Number(parent), started: rest[17] ?? '' };
  } catch {
    return undefined; // it has ended meanwhile
  }
}
