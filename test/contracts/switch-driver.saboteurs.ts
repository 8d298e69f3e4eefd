import {
  DeviceError,
  type NeighbourChange,
  type SwitchDriver,
  type SwitchState,
} from '../../src/drivers/switch/switch.port.js';

/** A driver that passes everything on to an honest one, but for what a saboteur changes. */
class PassingOn implements SwitchDriver {
  constructor(protected readonly honest: SwitchDriver) {}

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
  constructor(
    honest: SwitchDriver,
    private readonly clear: (interfaceName: string) => void,
  ) {
    super(honest);
  }

  override apply(changes: readonly NeighbourChange[]): Promise<void> {
    for (const { entry } of changes) this.clear(entry.interface);
    return this.honest.apply(changes);
  }
}

/** Drivers that break one promise each; the contract must catch every one. `clear` empties an interface behind the driver. */
export const saboteurs: Readonly<
  Record<string, (honest: SwitchDriver, clear: (interfaceName: string) => void) => SwitchDriver>
> = {
  'says success and sends nothing': (honest) => new SendsNothing(honest),
  'skips deletions': (honest) => new SkipsDeletions(honest),
  'answers reads from its own memory': (honest) => new AnswersFromMemory(honest),
  'touches a foreign entry': (honest, clear) => new TouchesForeign(honest, clear),
  'claims foreign entries as ours': (honest) => new ClaimsAllAsOurs(honest),
  'swallows refusals': (honest) => new SwallowsRefusals(honest),
  'never hints': (honest) => new NeverHints(honest),
  'forgets the stamp': (honest) => new ForgetsTheStamp(honest),
};
