import { LogFold } from '../../projections/index.js';
import { bindingsOf, type MapFilters } from '../../src/audit/map-answer.js';
import { readMapQuestion } from '../../src/audit/question.js';
import { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';

function mapOf(log: MemoryLog): LogFold['map'] {
  const fold = new LogFold();
  for (const event of log.events) fold.fold(event);
  return fold.map;
}

const ids = (log: MemoryLog, filters: MapFilters): string[] =>
  bindingsOf(mapOf(log), filters, { limit: 500 }).bindings.map((one) => one.serverId);

function filters(fields: Record<string, string>): MapFilters {
  const read = readMapQuestion(fields);
  if ('problem' in read) throw new Error(read.problem);
  return read.value.filters;
}

describe('the map', () => {
  it.each([
    [{ server: 'srv-a' }, ['srv-a']],
    [{ customer: 'cust-b' }, ['srv-b']],
    [{ mac: '5254.0000.0066' }, ['srv-b']],
    [{ port: 'leaf1:Ethernet16' }, ['srv-a']],
    [{ switch: 'leaf1' }, ['srv-a', 'srv-b']],
    [{ switch: 'leaf' }, []],
    [{ ip: '198.51.100.16' }, ['srv-b']],
    [{ ip: '2001:db8:16:0::7' }, ['srv-a']],
    [{ ip: 'fe80::5054:ff:fe00:16' }, ['srv-a']],
    [{ ip: '198.51.100.16', customer: 'cust-a' }, []],
  ])('lets %j through as %j', (fields, expected) => {
    expect(ids(nightLog(), filters(fields))).toEqual(expected);
  });

  it('shows a waiting claimant of an address beside its holder', () => {
    const log = nightLog();
    log.tell({
      type: 'Ipv4AddOnBought',
      data: { serverId: 'srv-c', addOnId: 'z', address: '198.51.100.16' },
      time: '2026-01-07T00:00:00Z',
    });
    expect(ids(log, filters({ ip: '198.51.100.16' }))).toEqual(['srv-b']);
    log.tell({
      type: 'ServerAdded',
      data: { serverId: 'srv-c', customerId: 'cust-c', port: 'leaf1:E3', vlan: 3 },
      time: '2026-01-06T00:00:00Z',
    });
    expect(ids(log, filters({ ip: '198.51.100.16' }))).toEqual(['srv-b', 'srv-c']);
  });

  it('tells a removed server only when it is asked for by its id', () => {
    const log = nightLog();
    log.tell({ type: 'ServerRemoved', data: { serverId: 'srv-b' }, time: '2026-01-07T00:00:00Z' });
    expect(ids(log, {})).toEqual(['srv-a']);
    expect(ids(log, { server: 'srv-b' })).toEqual(['srv-b']);
  });

  it('gives every binding exactly once, page by page', () => {
    const log = new MemoryLog();
    for (const id of ['d', 'b', 'e', 'a', 'c']) {
      const data = { serverId: id, customerId: 'x', port: `leaf1:${id}`, vlan: 11 };
      log.tell({ type: 'ServerAdded', data, time: '2026-01-01T00:00:00Z' });
    }
    const map = mapOf(log);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = bindingsOf(map, {}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(page.bindings.map((one) => one.serverId));
      cursor = page.next;
    } while (cursor !== undefined && pages.length < 9);
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it.each([
    [{ sever: 'srv-a' }, 'sever: no such field'],
    [{ mac: '52:54' }, 'mac: "52:54" is not a MAC'],
    [{ limit: '501' }, 'limit: expected 1 to 500'],
    [{ at: '2026-01-01' }, 'at: "2026-01-01" is not an instant'],
  ])('refuses %j', (fields, problem) => {
    expect(readMapQuestion(fields)).toEqual({ problem: expect.stringContaining(problem) as string });
  });

  it('refuses a filter given twice', () => {
    const fields = { ip: ['198.51.100.1', '198.51.100.2'] } as unknown as Record<string, string>;
    expect(readMapQuestion(fields)).toEqual({ problem: 'ip: given more than once; ask one question at a time' });
  });
});
