/** What happened at the door, as it is handed over to be stored. Times are RFC 3339; nothing in it lets anybody in. */
export type AccessNews =
  | {
      readonly type: 'SignedIn';
      readonly data: {
        readonly user: string;
        readonly kind: 'local' | 'oidc';
        /** The public id. */
        readonly sessionId: string;
        readonly address: string;
        readonly roles: readonly string[];
      };
    }
  | {
      readonly type: 'SignInRefused';
      readonly data: {
        readonly address?: string | undefined;
        readonly count: number;
        readonly users: readonly string[];
        readonly reasons: readonly string[];
        readonly until: string;
      };
    }
  | {
      readonly type: 'TokenRefused';
      readonly data: {
        readonly address?: string | undefined;
        readonly count: number;
        readonly tokenIds: readonly string[];
        readonly until: string;
      };
    }
  | {
      readonly type: 'SessionEnded';
      readonly data: {
        readonly user: string;
        readonly sessionId: string;
        readonly reason: string;
        readonly by?: string | undefined;
      };
    }
  | {
      readonly type: 'UserChanged';
      readonly data: EntryNews & {
        readonly user: string;
        readonly disabled: boolean;
        readonly newPassword: boolean;
      };
    }
  | {
      readonly type: 'TokenChanged';
      readonly data: EntryNews & {
        readonly tokenId: string;
        readonly name: string;
        readonly expiresAt?: string | undefined;
      };
    };

interface EntryNews {
  readonly change: 'added' | 'changed' | 'removed';
  readonly roles: readonly string[];
  /** Absent where they stayed. */
  readonly formerRoles?: readonly string[] | undefined;
}

export interface AccessRecorder {
  /**
   * Resolves once it is stored, or when it has become clear that the log takes nothing just now: it then waits. Never
   * rejects, for nobody is kept out by a full disk.
   * @param at when it happened, ms since 1970; default now
   */
  record(news: AccessNews, at?: number): Promise<void>;
}
