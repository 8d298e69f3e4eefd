import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapHash } from '../../../projections/index.js';
import { CommandLine, type Ended } from '../../cli/command-line.js';
import { RunningEngine, source } from '../../e2e/running-engine.js';
import { tempDirectory } from '../../support/temp-directory.js';

const directory = tempDirectory();
let engine: RunningEngine;
let line: CommandLine;
beforeAll(async () => {
  engine = await RunningEngine.start();
  line = new CommandLine(directory);
  writeFileSync(join(directory, 'billing.token'), engine.tokens.publisher);
});
afterAll(() => engine.stop());

const header = 'server,customer,switch,interface,vlan,mac,prefixes,ipv4,since\n';
const row = (number: number, vlan: number | string = number): string =>
  `srv-${number},c1,leaf1,Ethernet${number},${vlan},52:54:00:00:00:${String(number).padStart(2, '0')},` +
  `2001:db8:${number}::/48,198.51.100.${number},2026-01-01T00:00:00Z\n`;
const write = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return name;
};
const publishing = (): string[] => [
  '--publish',
  '--source',
  source,
  '--url',
  engine.url,
  '--token-file',
  'billing.token',
];
const run = (...words: string[]): Promise<Ended> => line.run('import', ...words);
const world = async (): Promise<unknown> => [
  await engine.parts.store.head(),
  mapHash(engine.parts.projector.liveMap.map),
];

describe('an import', () => {
  it('without --publish says what would be published and publishes nothing', async () => {
    const before = await world();
    const file = write('dry.csv', header + row(1) + row(2, 1).replace('Ethernet2', 'Ethernet1'));
    const { code, out } = await run('csv', file, '--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        file,
        dryRun: true,
        rows: 2,
        servers: 2,
        events: { ServerAdded: 2, Ipv6PrefixAssigned: 2, Ipv4AddOnBought: 2 },
        rejected: 0,
        rejects: [],
        conflicts: [{ serverId: 'srv-2', claim: 'vlan leaf1/1', holder: 'srv-1' }],
        conflictsInAll: 1,
        unread: [],
      },
    ]);
    expect(await world()).toEqual(before);
  });

  it('makes the map of what the file says, and run again stores nothing twice', async () => {
    const file = write('first.csv', header + row(11) + row(12));
    const first = await run('csv', file, ...publishing());
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringContaining('acknowledged 6 events and refused 0') as string,
    });
    expect(engine.parts.projector.liveMap.map.binding('srv-11')).toMatchObject({
      state: 'active',
      customerId: 'c1',
      port: 'leaf1:Ethernet11',
      vlan: 11,
      mac: '52:54:00:00:00:11',
      addresses: [{ addOnId: 'ip-198.51.100.11', address: '198.51.100.11' }],
      prefixes: [{ prefix: '2001:db8:11::/48' }],
    });
    const before = await world();
    expect((await run('csv', file, ...publishing())).code).toBe(0);
    expect(await world()).toEqual(before);
  });

  it('of the same facts as JSON lines stores nothing twice either', async () => {
    const before = await world();
    const object = {
      server: 'srv-11',
      customer: 'c1',
      port: 'leaf1:Ethernet11',
      vlan: 11,
      mac: '5254.0000.0011',
      prefixes: ['2001:db8:11::/48'],
      ipv4: ['198.51.100.11'],
    };
    const file = write('same.ndjson', `${JSON.stringify(object)}\n`);
    const again = await run('ndjson', file, '--time', '2026-01-01T00:00:00Z', ...publishing());
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('acknowledged 3 events') as string });
    expect(await world()).toEqual(before);
  });

  it('keeps rejected rows in a file that can be mended and imported', async () => {
    const file = write('some.csv', header + row(21) + row(22, 'x') + row(23).replace(/,2026.*/, ','));
    const { code } = await run('csv', file, '--rejects', 'mend.csv', ...publishing());
    expect(code).toBe(1);
    const { map } = engine.parts.projector.liveMap;
    expect([21, 22, 23].map((number) => map.binding(`srv-${number}`)?.state)).toEqual(['active', undefined, undefined]);
    const rejects = readFileSync(join(directory, 'mend.csv'), 'utf8');
    expect(rejects.split('\n').map((one) => one.replace(/^("[^]*?"|[^,]*),/, ''))).toEqual([
      header.trim(),
      row(22, 'x').trim(),
      row(23)
        .replace(/,2026.*/, ',')
        .trim(),
      '',
    ]);
    const mended = write('mended.csv', rejects.replace(',x,', ',22,'));
    const again = await run('csv', mended, '--time', '2026-01-01T00:00:00Z', ...publishing());
    expect(again.code).toBe(0);
    expect([22, 23].map((number) => map.binding(`srv-${number}`)?.state)).toEqual(['active', 'active']);
  });

  it('counts what the engine refuses among the rejects', async () => {
    const viewer = write('viewer.token', engine.tokens.viewer);
    const file = write('refused.csv', header + row(31));
    const words = ['--publish', '--source', 'urn:other', '--url', engine.url, '--token-file', 'billing.token'];
    const { code, out } = await run('csv', file, '--rejects', 'refused-mend.csv', '--json', ...words);
    expect([code, JSON.parse(out)]).toMatchObject([1, { rejected: 1, engine: { acknowledged: 0, refused: 3 } }]);
    expect(readFileSync(join(directory, 'refused-mend.csv'), 'utf8')).toContain('403 foreign-source');
    const forbidden = await run('csv', file, ...publishing().slice(0, -1), viewer);
    expect(forbidden).toMatchObject({ code: 1, out: '' });
  });

  it('with --check tells what the engine would answer, and stores nothing', async () => {
    const before = await world();
    const file = write('check.csv', header + row(41).replace('198.51.100.41', '198.51.100.11'));
    const words = ['--check', '--source', source, '--url', engine.url, '--token-file', 'billing.token'];
    const { code, out } = await run('csv', file, '--json', ...words);
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { dryRun: true, engine: { acknowledged: 3, refused: 0, conflicted: expect.any(Number) as number } },
    ]);
    expect((JSON.parse(out) as { engine: { conflicted: number } }).engine.conflicted).toBeGreaterThan(0);
    expect(await world()).toEqual(before);
  });

  it.each([
    ['no format', ['servers.csv'], 2, 'Name a format'],
    ['an unknown format', ['xml', 'dry.csv'], 2, 'There is no format xml'],
    ['a file that is not there', ['csv', 'nowhere.csv'], 3, 'There is no file'],
    ['a directory', ['csv', '.'], 2, 'is a directory'],
    ['nothing that says since when', ['csv', 'undated.csv'], 2, '--time TIME'],
    ['a time without a zone', ['csv', 'undated.csv', '--time', '2026-01-01'], 2, 'RFC 3339'],
    ['no source', ['csv', 'dry.csv', '--publish'], 2, '--source'],
  ])('with %s is refused, and says the cure', async (_, words, code, cure) => {
    write('undated.csv', 'server,customer,port,vlan\ns1,c1,leaf1:e1,11\n');
    expect(await run(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(cure) as string });
  });
});

describe('a comparison with a running engine', () => {
  const asking = (): string[] => ['--compare', '--url', engine.url, '--token-file', 'viewer.token'];

  it('finds nothing after an import, then each gap, and nothing again once its events are published', async () => {
    write('viewer.token', engine.tokens.viewer);
    const { map } = engine.parts.projector.liveMap;
    const sold = [...map.bindings()].filter((one) => one.sold);
    const lines = sold.map(
      ({ serverId, customerId, port, vlan, mac, prefixes, addresses }) =>
        [
          [serverId, customerId, port, vlan, mac].join(','),
          prefixes.map((one) => one.prefix).join(' '),
          addresses.map((one) => one.address).join(' '),
        ].join(',') + '\n',
    );
    const head = 'server,customer,port,vlan,mac,prefixes,ipv4\n';
    const whole = write('whole.csv', head + lines.join(''));
    expect(await run('csv', whole, ...asking())).toMatchObject({ code: 0 });
    expect(await run('csv', whole, '--compare', '--data', engine.dataDir)).toMatchObject({ code: 0 });

    const changed = lines.slice(1).map((text, index) => (index === 0 ? text.replace(/,\d+,52/, ',999,52') : text));
    const truth = write(
      'truth.csv',
      `${head}${changed.join('')}srv-new,c9,leaf1:Ethernet99,99,,2001:db8:99::/48,ip-x=\n`,
    );
    const before = await world();
    const { code, out } = await run('csv', truth, '--json', ...asking(), '--emit', 'gap.ndjson', '--source', source);
    expect([code, JSON.parse(out)]).toMatchObject([
      5,
      {
        missing: 1,
        extra: 1,
        different: 1,
        differences: [
          { kind: 'different', serverId: sold[1]?.serverId, fields: [{ field: 'vlan', file: '999' }] },
          { kind: 'missing', serverId: 'srv-new' },
          { kind: 'extra', serverId: sold[0]?.serverId },
        ],
      },
    ]);
    expect(await world()).toEqual(before);
    const published = await line.run('publish', 'gap.ndjson', '--url', engine.url, '--token-file', 'billing.token');
    expect(published).toMatchObject({ code: 0 });
    expect(await run('csv', truth, ...asking())).toMatchObject({ code: 0 });
    // The server that was removed comes back as the first file has it, and with nothing else.
    await run('csv', whole, ...asking(), '--emit', 'back.ndjson', '--source', source);
    await line.run('publish', 'back.ndjson', '--url', engine.url, '--token-file', 'billing.token');
    expect(await run('csv', whole, ...asking())).toMatchObject({ code: 0 });
  });

  it('of a file with rows that cannot be read compares the others, and writes no events', async () => {
    const file = write('torn.csv', 'server,customer,port,vlan\nsrv-11,c1,leaf1:Ethernet11,x\n');
    const { code, out } = await run('csv', file, '--json', ...asking(), '--emit', 'no.ndjson', '--source', source);
    expect([code, JSON.parse(out)]).toMatchObject([1, { compared: 0, rejected: 1, emitted: false }]);
    const { differences } = JSON.parse(out) as { differences: { serverId: string }[] };
    expect(differences.map(({ serverId }) => serverId)).not.toContain('srv-11');
    expect(existsSync(join(directory, 'no.ndjson'))).toBe(false);
  });

  it.each([
    ['a file of no rows', ['csv', 'empty.csv'], 1, 'has no row'],
    ['--publish', ['csv', 'whole.csv', '--publish'], 2, 'does not go with --compare'],
    ['--emit without a source', ['csv', 'whole.csv', '--emit', 'x'], 2, '--source'],
  ])('with %s is refused', async (_, words, code, why) => {
    write('empty.csv', 'server,customer,port,vlan\n');
    expect(await run(...words, ...asking())).toMatchObject({
      code,
      out: '',
      err: expect.stringContaining(why) as string,
    });
  });
});
