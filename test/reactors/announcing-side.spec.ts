import type { Ipv4Address } from '../../events/index.js';
import type { BgpState, Route } from '../../src/drivers/bgp/bgp.port.js';
import { AnnouncingSide } from '../../src/reactors/announcing-side.js';

const route = (number: number, med = 7): Route => ({
  ...{ family: 'ipv4', address: `198.51.100.${number}` as Ipv4Address, interface: 'vlan16', med },
});
const state = (owned: readonly Route[], more: Partial<BgpState> = {}): BgpState => ({
  ...{ owned, inTable: new Set(), inKernel: undefined, stamp: undefined },
  ...more,
});
const one = '198.51.100.1/32';

describe('what a gateway announces', () => {
  let side: AnnouncingSide;
  beforeEach(() => {
    side = new AnnouncingSide('leaf1', 'leaf1', 90_000);
  });
  const read = (given: BgpState) => side.took(side.reading(), given);

  it('may be anything until it is read, and what its journal says while it cannot be', () => {
    expect(side.mayAnnounce(one)).toBe(true);
    side.lost(5);
    side.remember({ destinations: new Set(['198.51.100.2/32']), drivenFrom: 3 });
    expect([side.mayAnnounce(one), side.mayAnnounce('198.51.100.2/32'), side.lostAt]).toEqual([false, true, 5]);
    expect(read(state([route(1)]))).toEqual({ fresh: [one], gone: ['198.51.100.2/32'] });
    expect([side.mayAnnounce('198.51.100.2/32'), side.lostAt]).toEqual([false, undefined]);
  });

  it('counts from the moment it is sent until a reading that began later shows that it is not there', () => {
    read(state([]));
    const began = side.reading();
    const answered = side.sending([route(1)]);
    side.took(began, state([]));
    expect(side.mayAnnounce(one)).toBe(true);
    read(state([])); // begins while the answer is still out
    expect(side.mayAnnounce(one)).toBe(true);
    answered();
    expect(read(state([])).gone).toEqual([one]);
    expect(side.mayAnnounce(one)).toBe(false);
  });

  it('is what the table still has, though the file has it no more', () => {
    read(state([route(1)]));
    expect(read(state([], { inTable: new Set([`${one} vlan16`]) })).gone).toEqual([]);
    expect([side.mayAnnounce(one), side.announces(one)]).toEqual([true, true]);
    expect(read(state([])).gone).toEqual([one]);
  });

  it('is not gone while the daemon may undo what it was told', () => {
    read(state([route(1)]));
    expect(read(state([], { unconfirmed: true })).gone).toEqual([]);
    expect(side.mayAnnounce(one)).toBe(true);
    expect(read(state([])).gone).toEqual([one]);
  });

  it('is announced only where the table has it and, where it can be seen, the kernel', () => {
    const inTable = new Set([`${one} vlan16`]);
    read(state([route(1)], { inTable, inKernel: new Set() }));
    expect([side.announces(one), side.medOf(one)]).toEqual([false, 7]);
    read(state([route(1)], { inTable, inKernel: inTable }));
    expect(side.announces(one)).toBe(true);
  });

  it('stays as it was read last while it is lost, since the first reading that failed', () => {
    read(state([route(1)]));
    side.lost(10);
    side.lost(20);
    expect([side.mayAnnounce(one), side.mayAnnounce('198.51.100.9/32'), side.lostAt]).toEqual([true, false, 10]);
  });
});
