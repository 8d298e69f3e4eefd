import type { Advertised, RaChange, RaDriver, RaState } from '../../src/drivers/ra/ra.port.js';
import { DeviceError, type DeviceStamp } from '../../src/drivers/switch/switch.port.js';

/** A driver that passes everything on to an honest one, but for what a saboteur changes. */
class PassingOn implements RaDriver {
  constructor(protected readonly honest: RaDriver) {}

  get device(): string {
    return this.honest.device;
  }

  get interfaces(): readonly string[] {
    return this.honest.interfaces;
  }

  read(): Promise<RaState> {
    return this.honest.read();
  }

  apply(change: RaChange, stamp: DeviceStamp): Promise<void> {
    return this.honest.apply(change, stamp);
  }

  watch(onHint: () => void): void {
    this.honest.watch(onHint);
  }

  close(): Promise<void> {
    return this.honest.close();
  }
}

class WritesNothing extends PassingOn {
  override apply(): Promise<void> {
    return Promise.resolve();
  }
}

class SkipsWithdrawals extends PassingOn {
  override async apply(change: RaChange, stamp: DeviceStamp): Promise<void> {
    const { advertised } = await this.honest.read();
    const all = new Map([...advertised, ...change.advertised.map((one): [string, Advertised] => [one.interface, one])]);
    return this.honest.apply({ ...change, advertised: [...all.values()] }, stamp);
  }
}

class LosesTheLast extends PassingOn {
  override apply(change: RaChange, stamp: DeviceStamp): Promise<void> {
    const { advertised } = change;
    return this.honest.apply(
      { ...change, advertised: advertised.length > 1 ? advertised.slice(0, -1) : advertised },
      stamp,
    );
  }
}

/** Never looks whether the process has read the file. */
class CallsAllLoaded extends PassingOn {
  override async read(): Promise<RaState> {
    return { ...(await this.honest.read()), daemon: 'loaded' };
  }
}

/** Never looks whether the file is still what was written. */
class TrustsTheFile extends PassingOn {
  override async read(): Promise<RaState> {
    return { ...(await this.honest.read()), file: 'intact' };
  }
}

class SwallowsRefusals extends PassingOn {
  override apply(change: RaChange, stamp: DeviceStamp): Promise<void> {
    return this.honest.apply(change, stamp).catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
    });
  }
}

class ForgetsTheStamp extends PassingOn {
  override apply(change: RaChange, stamp: DeviceStamp): Promise<void> {
    return this.honest.apply(change, { ...stamp, ordinal: 0 });
  }
}

export type RaSaboteur = (honest: RaDriver) => RaDriver;

/** Drivers that break one promise each; the contract must catch every one. */
export const raSaboteurs: Readonly<Record<string, RaSaboteur>> = {
  'says success and writes nothing': (honest) => new WritesNothing(honest),
  'skips withdrawals': (honest) => new SkipsWithdrawals(honest),
  'loses the last interface': (honest) => new LosesTheLast(honest),
  'calls loaded what nobody read': (honest) => new CallsAllLoaded(honest),
  'calls its own what somebody changed': (honest) => new TrustsTheFile(honest),
  'swallows refusals': (honest) => new SwallowsRefusals(honest),
  'forgets the stamp': (honest) => new ForgetsTheStamp(honest),
};
