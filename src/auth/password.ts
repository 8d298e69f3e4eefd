/** RFC 9106 section 4, second recommended option: 64 MiB, 3 passes, 4 lanes; about 0.1 s. */
const parameters = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 4 } as const;

export const shortestPassword = 12;
/** In bytes: longer ones would let a stranger choose how much is hashed. */
export const longestPassword = 1024;

/** How many passwords are hashed at once: each takes 64 MiB. */
const atOnce = 2;
const mostWaiting = 50;

/** What is wrong with a new password; undefined when it may be used. Length counts, and nothing else (NIST SP 800-63B). */
export function passwordTrouble(password: string, userName: string): string | undefined {
  if ([...password].length < shortestPassword)
    return `The password is too short: at least ${shortestPassword} characters.`;
  if (Buffer.byteLength(password) > longestPassword)
    return `The password is too long: at most ${longestPassword} bytes.`;
  if (/^(.)\1*$/su.test(password)) return 'The password is one character again and again.';
  if (password.toLowerCase().includes(userName)) return "The password holds the user's name.";
  return undefined;
}

/** The PHC string of a password, with a salt of its own. Works in a thread of its own. */
export async function hashPassword(password: string): Promise<string> {
  const { argon2id, hash } = await import('argon2');
  return hash(normalised(password), { type: argon2id, ...parameters });
}

/** Fits no password; checking against it takes as long as against any other. */
const nobodysHash = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Too many passwords wait to be checked. */
export class PasswordsBusyError extends Error {
  constructor() {
    super(`${mostWaiting} sign-ins wait to be checked already.`);
    this.name = 'PasswordsBusyError';
  }
}

/** Checks passwords, few at once. */
export class PasswordCheck {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * Whether a password fits a hash. Without a hash the same work is done for nothing, so that the time does not tell
   * who exists. Rejects with PasswordsBusyError when too many wait.
   */
  async fits(password: string, passwordHash: string | undefined): Promise<boolean> {
    await this.turn();
    try {
      const { verify } = await import('argon2');
      return (await verify(passwordHash ?? nobodysHash, normalised(password))) && passwordHash !== undefined;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.running >= atOnce) {
      if (this.waiting.length >= mostWaiting) throw new PasswordsBusyError();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
  }
}

/** The same characters from any keyboard (RFC 8265 section 4.2.2). */
const normalised = (password: string): string => password.normalize('NFC');
