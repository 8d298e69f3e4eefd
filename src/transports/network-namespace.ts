import { statSync } from 'node:fs';
import { IpError } from './ip-error.js';

const nameShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * A named network namespace, or the one we run in.
 * A process started inside keeps the namespace alive after its name is gone, so the name is looked up at every check.
 */
export class NetworkNamespace {
  private identity: string | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(readonly name: string | undefined) {
    if (name !== undefined && !nameShape.test(name)) {
      throw new IpError(
        'misconfigured',
        `"${name}" is no name for a network namespace; expected the name as "ip netns list" shows it`,
      );
    }
  }

  /** Arguments for `ip` that make it work inside. */
  get arguments(): readonly string[] {
    return this.name === undefined ? [] : ['-n', this.name];
  }

  /** Calls back when the namespace seen last is no longer the one behind the name: end what runs inside. */
  onGone(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Throws `namespace-gone` when the name is missing, and once when another namespace has taken the name. */
  check(): void {
    if (this.name === undefined) return;
    const path = `/run/netns/${this.name}`;
    const file = statSync(path, { throwIfNoEntry: false }); // in memory: no disk is waited for
    const found = file === undefined ? undefined : `${file.dev}:${file.ino}`;
    const before = this.identity;
    this.identity = found;
    if (before !== undefined && before !== found) for (const listener of this.listeners) listener();
    if (found === undefined) {
      throw new IpError(
        'namespace-gone',
        `network namespace ${this.name} is gone (${path} is missing); create it again with "ip netns add ${this.name}" and its interfaces, reading resumes by itself`,
      );
    }
    if (before !== undefined && before !== found) {
      throw new IpError(
        'namespace-gone',
        `network namespace ${this.name} was replaced by another of the same name; the next read looks at the new one`,
      );
    }
  }
}
