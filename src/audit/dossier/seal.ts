import type { Checkpointer } from '../checkpoints/checkpointer.js';
import { parseCheckpoint } from '../checkpoints/checkpoint.js';
import type { Signer } from '../checkpoints/signed-note.js';

/** Who signs dossiers: with the key of the checkpoints, so that one verifier key checks both. */
export interface Seal {
  readonly signer: Signer;
  /** A signed checkpoint over at least so many events. Rejects with a SealRefused where there is none. */
  checkpointOver(size: number): Promise<string>;
}

/** There is nobody to sign, or nothing that may be signed. */
export class SealRefused extends Error {
  constructor(
    readonly code: 'no-signing-key' | 'checkpoint-unsigned',
    message: string,
  ) {
    super(message);
    this.name = 'SealRefused';
  }
}

/** Where the HTTP side finds the seal: it is made before the checkpoints begin, and empty where no key is configured. */
export class SealDesk {
  private seal: Seal | undefined;

  /** For who starts the checkpoints. */
  staffedBy(signer: Signer, checkpointer: Pick<Checkpointer, 'lastNote' | 'state' | 'signNow'>): void {
    const checkpointOver = async (size: number): Promise<string> => {
      if (!covers(checkpointer.lastNote, size)) await checkpointer.signNow();
      const { lastNote: note } = checkpointer;
      if (note !== undefined && covers(note, size) && checkpointer.state.ok) return note;
      throw new SealRefused('checkpoint-unsigned', `Nothing is signed now. ${checkpointer.state.detail}`);
    };
    this.seal = { signer, checkpointOver };
  }

  /** The seal. Throws a SealRefused where the engine has no signing key. */
  get staffed(): Seal {
    if (this.seal !== undefined) return this.seal;
    throw new SealRefused(
      'no-signing-key',
      'This engine has no signing key, and a dossier that nobody signed proves nothing: make one with portledger audit key new, name it in the configuration as checkpoints.keyFile, and start the engine again.',
    );
  }
}

function covers(note: string | undefined, size: number): boolean {
  return note !== undefined && (parseCheckpoint(note)?.size ?? 0) >= size;
}
