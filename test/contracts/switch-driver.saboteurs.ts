import {
  DeviceError,
  type NeighbourChange,
  type SwitchDriver,
  type SwitchState,
} from '../../src/drivers/switch/switch.port.js';
import type { SwitchHarness } from './switch-driver.harness.js';

/** A driver that passes everything on to an honest one, but for what a saboteur changes. */
class PassingOn implements SwitchDriver {
  constructor(
    protected readonly honest: SwitchDriver,
    protected readonly harness: SwitchHarness,
  ) {}

  get device(): string {
    return this.honest.device;
  }

  get limits(): SwitchDriver['limits'] {
    return this.honest.limits;
  }

  read(): Promise<SwitchState> {
    return this.honest.read();
  }

  apply(changes: readonly NeighbourChange[]): Promise<void> {
    return this.honest.apply(changes);
  }

  writeStamp(stamp: Parameters<SwitchDriver['writeStamp']>[0]): Promise<void> {
    return this.honest.writeStamp(stamp);
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    this.honest.watch(onHint);
  }

  close(): Promise<void> {
    return this.honest.close();
  }
}

class SendsNothing extends PassingOn {
  override apply(): Promise<void> {
    return Promise.resolve();
  }
}

class SkipsDeletions extends PassingOn {
  override apply(changes: readonly NeighbourChange[]): Promise<void> {
    return this.honest.apply(changes.filter(({ change }) => change === 'set'));
  }
}

/** Answers reads with what it was told, on top of what it saw first. */
class AnswersFromMemory extends PassingOn {
  private first: Promise<SwitchState> | undefined;
  private readonly told = new Map<string, NeighbourChange>();

  override async read(): Promise<SwitchState> {
    const seen = await (this.first ??= this.honest.read());
    const entries = [...this.told.values()]
      .filter(({ change }) => change === 'set')
      .map(({ entry }) => ({ ...entry, ours: true }));
    return { ...seen, neighbours: [...seen.neighbours, ...entries] };
  }

  override async apply(changes: readonly NeighbourChange[]): Promise<void> {
    await this.honest.apply(changes);
    for (const change of changes) this.told.set(`${change.entry.address} ${change.entry.interface}`, change);
  }
}

/** Hides its failures: whatever the device refuses, it says success. */
class SwallowsRefusals extends PassingOn {
  override apply(changes: readonly NeighbourChange[]): Promise<void> {
    return this.honest.apply(changes).catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
    });
  }
}

/** Claims every entry as ours, which is how foreign ones come to be deleted. */
class ClaimsAllAsOurs extends PassingOn {
  override async read(): Promise<SwitchState> {
    const state = await this.honest.read();
    return { ...state, neighbours: state.neighbours.map((entry) => ({ ...entry, ours: true })) };
  }
}

class NeverHints extends PassingOn {
  override watch(): void {
    // says nothing, ever
  }
}

class ForgetsTheStamp extends PassingOn {
  override async read(): Promise<SwitchState> {
    return { ...(await this.honest.read()), stamp: undefined };
  }
}

/** Touches what is not ours: clears an interface before it writes to it. */
class TouchesForeign extends PassingOn {
  override async apply(changes: readonly NeighbourChange[]): Promise<void> {
    const touched = new Set(changes.map(({ entry }) => entry.interface));
    const held = await this.harness.inspect();
    for (const entry of held) if (touched.has(entry.interface)) await this.harness.handRemove(entry);
    await this.honest.apply(changes);
  }
}

class LosesTheLastLine extends PassingOn {
  override apply(changes: readonly NeighbourChange[]): Promise<void> {
    return this.honest.apply(changes.slice(0, -1));
  }
}

/** Writes as if there were the default VRF only. */
class IgnoresTheVrf extends PassingOn {
  override async apply(changes: readonly NeighbourChange[]): Promise<void> {
    for (const { change, entry } of changes) if (change === 'set') await this.harness.handSetInDefaultVrf?.(entry);
  }
}

/** Says that all went well, whatever became of the device. */
class HidesTrouble extends PassingOn {
  override apply(changes: readonly NeighbourChange[]): Promise<void> {
    return this.honest.apply(changes).catch(() => undefined);
  }
}

class WaitsForEver extends PassingOn {
  override read(): Promise<SwitchState> {
    return this.honest.read().catch((error: unknown) => {
      if (error instanceof DeviceError && error.code === 'timeout') return new Promise<never>(() => undefined);
      throw error;
    });
  }
}

/** Does not mind that somebody else holds the configuration. */
class ForcesTheLock extends PassingOn {
  override async apply(changes: readonly NeighbourChange[]): Promise<void> {
    try {
      await this.honest.apply(changes);
    } catch (error) {
      for (const { change, entry } of changes) if (change === 'set') await this.harness.handSet(entry);
      throw error;
    }
  }
}

/** Reads the interfaces once and never again. */
class RemembersInterfaces extends PassingOn {
  private first: SwitchState['interfaces'] | undefined;

  override async read(): Promise<SwitchState> {
    const state = await this.honest.read();
    return { ...state, interfaces: (this.first ??= state.interfaces) };
  }
}

/** A driver that breaks one promise. */
export interface Saboteur {
  readonly name: string;
  readonly make: (honest: SwitchDriver, harness: SwitchHarness) => SwitchDriver;
  /** The checks each of which must catch it, where the driver has the promise. */
  readonly caughtBy: readonly string[];
}

const puts = 'puts entries of both families on the device and reads them back as ours';
const removes = 'removes an entry from the device and keeps the others';
const foreign = 'shows a foreign entry as foreign and leaves it alone while others change';
const refuses = 'refuses to change or remove a foreign entry, and carries out the other changes';

const saboteur = (
  name: string,
  Driver: new (honest: SwitchDriver, harness: SwitchHarness) => SwitchDriver,
  ...caughtBy: string[]
): Saboteur => ({ name, make: (honest, harness) => new Driver(honest, harness), caughtBy });

/** Each law of the contract has somebody here who breaks it. */
export const saboteurs: readonly Saboteur[] = [
  saboteur('says success and sends nothing', SendsNothing, puts, removes),
  saboteur('skips deletions', SkipsDeletions, removes),
  saboteur(
    'answers reads from its own memory',
    AnswersFromMemory,
    'reads an entry that somebody removed by hand as gone',
    'reads a MAC that somebody changed by hand',
  ),
  saboteur(
    'believes a device that lies',
    AnswersFromMemory,
    'reads what a device holds that says yes and does nothing',
  ),
  saboteur('touches a foreign entry', TouchesForeign, foreign),
  saboteur('claims foreign entries as ours', ClaimsAllAsOurs, foreign),
  saboteur('swallows refusals', SwallowsRefusals, refuses),
  saboteur(
    'loses the last line of a batch',
    LosesTheLastLine,
    puts,
    'carries out a batch in its order, to the last line',
  ),
  saboteur(
    'ignores the VRF',
    IgnoresTheVrf,
    'writes to the VRF its interfaces stand in, reads it from there, and removes it there',
  ),
  saboteur('never hints', NeverHints, 'hints at an interface whose carrier changed or that went down'),
  saboteur('forgets the stamp', ForgetsTheStamp, 'reads the same device after a restart, stamp included'),
  saboteur(
    'reads interfaces once',
    RemembersInterfaces,
    'keeps entries when the carrier goes and comes, and reads the carrier both times',
  ),
  saboteur(
    'hides that a device died',
    HidesTrouble,
    'says that a device died in the middle of a push, reads what it holds, and completes by the same push again',
  ),
  saboteur(
    'waits for ever',
    WaitsForEver,
    'gives up a device that does not answer, names it, and works again when it answers',
  ),
  saboteur(
    'forces a lock',
    ForcesTheLock,
    'waits in vain, within its bounds, for a configuration that somebody else holds, and changes nothing',
  ),
];
