import type { DhcpChange, DhcpDriver, DhcpHost4, DhcpLease, DhcpState } from '../../src/drivers/dhcp/dhcp.port.js';
import { DeviceError, type DeviceStamp } from '../../src/drivers/switch/switch.port.js';
import type { DhcpHarness } from './dhcp-driver.contract.js';

/** A driver that passes everything on to an honest one, but for what a saboteur changes. */
class PassingOn implements DhcpDriver {
  constructor(protected readonly honest: DhcpDriver) {}

  get device(): string {
    return this.honest.device;
  }

  get interfaces(): readonly string[] {
    return this.honest.interfaces;
  }

  get families(): readonly (4 | 6)[] {
    return this.honest.families;
  }

  read(): Promise<DhcpState> {
    return this.honest.read();
  }

  apply(change: DhcpChange, stamp: DeviceStamp): Promise<void> {
    return this.honest.apply(change, stamp);
  }

  watch(onHint: () => void): void {
    this.honest.watch(onHint);
  }

  close(): Promise<void> {
    return this.honest.close();
  }
}

/** Changes what is asked for on its way to the daemons. */
class Changing extends PassingOn {
  constructor(
    honest: DhcpDriver,
    private readonly change: (change: DhcpChange, honest: DhcpDriver) => Promise<DhcpChange> | DhcpChange,
    private readonly restamp: (stamp: DeviceStamp) => DeviceStamp = (stamp) => stamp,
  ) {
    super(honest);
  }

  override async apply(change: DhcpChange, stamp: DeviceStamp): Promise<void> {
    return this.honest.apply(await this.change(change, this.honest), this.restamp(stamp));
  }
}

/** Changes what was read on its way back. */
class Colouring extends PassingOn {
  constructor(
    honest: DhcpDriver,
    private readonly colour: (state: DhcpState) => DhcpState,
  ) {
    super(honest);
  }

  override async read(): Promise<DhcpState> {
    return this.colour(await this.honest.read());
  }
}

class WritesNothing extends PassingOn {
  override apply(): Promise<void> {
    return Promise.resolve();
  }
}

/** Answers reads with what it was told last. */
class AnswersFromMemory extends PassingOn {
  private told: DhcpChange = { endLeases: [] };

  override async read(): Promise<DhcpState> {
    const { v4, v6, ...rest } = await this.honest.read();
    const { hosts4, hosts6 } = this.told;
    const map = <Host extends { readonly interface: string }>(hosts: readonly Host[]) =>
      new Map(hosts.map((host) => [host.interface, host]));
    return {
      ...rest,
      v4: v4 && hosts4 ? { ...v4, hosts: map(hosts4), altered: new Set() } : v4,
      v6: v6 && hosts6 ? { ...v6, hosts: map(hosts6), altered: new Set() } : v6,
    };
  }

  override apply(change: DhcpChange, stamp: DeviceStamp): Promise<void> {
    this.told = { ...this.told, ...change };
    return this.honest.apply(change, stamp);
  }
}

/** Leaves in the daemons' files what stood there before. */
class ForgetsToSave extends PassingOn {
  constructor(
    honest: DhcpDriver,
    private readonly saved: DhcpHarness['saved'],
  ) {
    super(honest);
  }

  override async apply(change: DhcpChange, stamp: DeviceStamp): Promise<void> {
    const putBack = await this.saved();
    await this.honest.apply(change, stamp);
    await putBack();
  }
}

/** Looks at both or at none, and pushes to the second what the first has taken. */
class HoldsUp extends PassingOn {
  override async read(): Promise<DhcpState> {
    const state = await this.honest.read();
    for (const error of state.unreadable.values()) throw error;
    return state;
  }

  override async apply({ hosts4, hosts6, endLeases }: DhcpChange, stamp: DeviceStamp): Promise<void> {
    if (hosts4 !== undefined) await this.honest.apply({ hosts4, endLeases: [] }, stamp);
    await this.honest.apply({ ...(hosts6 && { hosts6 }), endLeases }, stamp);
  }
}

class SwallowsRefusals extends PassingOn {
  override apply(change: DhcpChange, stamp: DeviceStamp): Promise<void> {
    return this.honest.apply(change, stamp).catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
    });
  }
}

class NeverCallsBack extends PassingOn {
  override watch(): void {}
}

/** The addresses of the first two hosts changed over. */
function swapped(hosts: readonly DhcpHost4[]): DhcpHost4[] {
  const [first, second, ...more] = hosts;
  if (first === undefined || second === undefined) return [...hosts];
  return [{ ...first, address: second.address }, { ...second, address: first.address }, ...more];
}

const all = <Host extends { readonly interface: string }>(hosts: ReadonlyMap<string, Host>): Set<string> =>
  new Set(hosts.keys());

/** Ends a lease at another VLAN too. */
async function withAnother(change: DhcpChange, honest: DhcpDriver): Promise<DhcpChange> {
  const { endLeases } = change;
  const isElsewhere = ({ vlan }: DhcpLease): boolean => endLeases.every((ended) => ended.vlan !== vlan);
  const other = endLeases.length === 0 ? undefined : (await honest.read()).leases.find(isElsewhere);
  return { ...change, endLeases: [...endLeases, ...(other === undefined ? [] : [other])] };
}

/** Keeps what a change leaves out. */
async function withOld(change: DhcpChange, honest: DhcpDriver): Promise<DhcpChange> {
  const { v4 } = await honest.read();
  const { hosts4 } = change;
  if (hosts4 === undefined) return change;
  const kept = [...(v4?.hosts.values() ?? [])].filter(({ interface: name, address }) =>
    hosts4.every((host) => host.interface !== name && host.address !== address),
  );
  return { ...change, hosts4: [...hosts4, ...kept] };
}

export type DhcpSaboteur = (honest: DhcpDriver, saved: DhcpHarness['saved']) => DhcpDriver;

/** Drivers that break one promise each; the contract must catch every one. */
export const dhcpSaboteurs: Readonly<Record<string, DhcpSaboteur>> = {
  'says success and applies nothing': (honest) => new WritesNothing(honest),
  'drops the last host': (honest) =>
    new Changing(honest, ({ hosts4, ...change }) => ({ ...change, ...(hosts4 && { hosts4: hosts4.slice(0, -1) }) })),
  'drops the last prefix': (honest) =>
    new Changing(honest, ({ hosts6, ...change }) => ({
      ...change,
      ...(hosts6 && { hosts6: hosts6.map((host) => ({ ...host, prefixes: host.prefixes.slice(0, -1) })) }),
    })),
  'keeps what is no longer wanted': (honest) => new Changing(honest, withOld),
  'forgets to save': (honest, saved) => new ForgetsToSave(honest, saved),
  'calls all of it saved': (honest) =>
    new Colouring(honest, ({ v4, v6, ...state }) => ({
      ...state,
      v4: v4 && { ...v4, saved: true },
      v6: v6 && { ...v6, saved: true },
    })),
  'says that it listens where the socket is closed': (honest) =>
    new Colouring(honest, ({ v4, v6, ...state }) => ({
      ...state,
      v4: v4 && { ...v4, listening: all(v4.hosts) },
      v6: v6 && { ...v6, listening: all(v6.hosts) },
    })),
  'ends no lease': (honest) => new Changing(honest, (change) => ({ ...change, endLeases: [] })),
  'ends a lease at another VLAN too': (honest) => new Changing(honest, withAnother),
  'swaps the addresses of two hosts, and swaps them back where it reads them': (honest) =>
    new Colouring(
      new Changing(honest, ({ hosts4, ...change }) => ({ ...change, ...(hosts4 && { hosts4: swapped(hosts4) }) })),
      ({ v4, ...state }) => ({
        ...state,
        v4: v4 && { ...v4, hosts: new Map(swapped([...v4.hosts.values()]).map((host) => [host.interface, host])) },
      }),
    ),
  'ignores the stamp': (honest) =>
    new Changing(
      honest,
      (change) => change,
      (stamp) => ({ ...stamp, ordinal: 0 }),
    ),
  'answers from its memory': (honest) => new AnswersFromMemory(honest),
  'takes what somebody changed for what it made': (honest) =>
    new Colouring(honest, ({ v4, v6, ...state }) => ({
      ...state,
      v4: v4 && { ...v4, altered: new Set() },
      v6: v6 && { ...v6, altered: new Set() },
    })),
  'shows no lease': (honest) => new Colouring(honest, (state) => ({ ...state, leases: [] })),
  'swallows refusals': (honest) => new SwallowsRefusals(honest),
  'lets one daemon hold up the other': (honest) => new HoldsUp(honest),
  'never calls back': (honest) => new NeverCallsBack(honest),
};
