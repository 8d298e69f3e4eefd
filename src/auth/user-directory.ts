import { readUsers, type UserRecord } from './users-file.js';
import { WatchedEntries, type WatchedOptions } from './watched-entries.js';

/** Knows the local users of the file as it is now: who was disabled or removed is out within a second. */
export class UserDirectory {
  private readonly users: WatchedEntries<UserRecord>;

  constructor(file: string, options: WatchedOptions<UserRecord> = {}) {
    this.users = new WatchedEntries(file, readUsers, ({ name }) => name, options);
  }

  /** Looks whether the file changed; at most once a second. */
  look(): void {
    this.users.look();
  }

  /** The user of this name who may sign in just now, as the file says at this moment. */
  find(name: string): UserRecord | undefined {
    return enabled(this.users.fresh(name));
  }

  /** The same, as of the last look, which is a second old at most. */
  current(name: string): UserRecord | undefined {
    return enabled(this.users.current(name));
  }

  /** Why no local user can be let in just now. A file that was never made is no trouble: there are no local users. */
  get trouble(): string | undefined {
    const { trouble } = this.users;
    return trouble?.missing === true ? undefined : trouble?.message;
  }

  get size(): number {
    return this.users.size;
  }
}

const enabled = (user: UserRecord | undefined): UserRecord | undefined =>
  user?.isDisabled === true ? undefined : user;
