import { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';
import { run } from './ran.js';

describe('portledger map and audit on a copy', () => {
  it.each([
    [['audit', 'who-had', '203.0.113.9'], 'Nothing is known of "203.0.113.9"'],
    [['audit', 'explain', 'srv-x', '--known-at', '#5'], 'in what was known then'],
  ])('%j ends with 3, because nothing is known of it', async (words, message) => {
    const { code, out, err } = await run([...words, '--offline', 'DIR'], nightLog());
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(message);
  });

  it('ends with 3 and an empty table when no server fits the filters', async () => {
    const { code, out } = await run(['map', '--server', 'srv-x', '--offline', 'DIR'], nightLog());
    expect(code).toBe(3);
    expect(out).toContain('Nothing fits.');
  });

  it.each([
    [['audit'], 'No question: at, who-had, explain, diff, step, access, verify, prove, dossier, verify-dossier or key'],
    [['audit', 'when'], '"when" is no audit question'],
    [['audit', 'who-had'], 'write for example'],
    [['audit', 'who-had', 'srv-a'], 'explain server:srv-a'],
    [['audit', 'who-had', '198.51.100.16', 'now'], '"now" is too much'],
    [['audit', 'at', '2026-01-01T00:00:00'], 'write 2026-01-01T00:00:00Z for UTC'],
    [['audit', 'at', '2026-01-01T00:00:00Z', '--at', '2026-01-01T00:00:00Z'], 'drop --at'],
    [['map', '--ip', '198.51.100'], 'ip: "198.51.100" is not'],
    [['map', '--prot', 'leaf1:E1'], 'There is no option --prot'],
    [['map', '--url', 'http://127.0.0.1:1'], 'give only one of them'],
    [['audit', 'explian', 'srv-a'], 'Did you mean explain?'],
    [['audit', 'who-had', '198.51.100.16', '--data', 'DIR'], 'who-had takes no --data; it reads a copy with --offline'],
    [['audit', 'verify'], 'verify takes no --offline'],
  ])('%j ends with 2 and a cure', async (words, cure) => {
    const { code, out, err } = await run([...words, '--offline', 'DIR'], nightLog());
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(cure);
  });

  it('tells how to ask when a text names two things that exist', async () => {
    const log = nightLog();
    const data = { serverId: 'leaf1:Ethernet16', customerId: 'cust-a', port: 'leaf1:Ethernet1', vlan: 1 };
    log.tell({ type: 'ServerAdded', data, time: '2026-01-07T00:00:00Z' });
    const { code, err } = await run(['audit', 'explain', 'leaf1:Ethernet16', '--offline', 'DIR'], log);
    expect(code).toBe(2);
    expect(err).toContain('write one of port:leaf1:Ethernet16, server:leaf1:Ethernet16');
    expect((await run(['audit', 'explain', 'server:leaf1:Ethernet16', '--offline', 'DIR'], log)).code).toBe(0);
  });

  it('ends with 1 when there is no log', async () => {
    const { code, err } = await run(['map', '--offline', 'NOWHERE']);
    expect([code, err]).toEqual([1, 'portledger: There is no log in NOWHERE.\n']);
  });

  it('writes one JSON object with --json', async () => {
    const json = async (...words: string[]): Promise<unknown> =>
      JSON.parse((await run([...words, '--json', '--offline', 'DIR'], nightLog())).out);
    expect(await json('map', '--at', '2026-01-04T18:00:00Z')).toMatchObject({
      ordinal: 20,
      live: false,
      at: '2026-01-04T18:00:00.000Z',
      frozenStreams: [],
      bindings: [{ serverId: 'srv-a' }, { serverId: 'srv-b', addresses: [{ heldBy: 'srv-a', soldAt: 13 }] }],
    });
    expect(await json('audit', 'who-had', '198.51.100.16')).toMatchObject({
      subject: { kind: 'ip', address: '198.51.100.16' },
      ordinal: 20,
      intervals: [
        { from: '2026-01-01T08:00:05.000Z', to: '2026-01-05T00:00:00.000Z', serverId: 'srv-a', vlan: 16 },
        { role: 'waiting', serverId: 'srv-b', heldBy: ['srv-a'] },
        { role: 'holder', serverId: 'srv-b', opened: [{ ordinal: 14 }], closed: [], namedBy: { ordinal: 13 } },
      ],
      idle: [],
    });
    expect(await json('audit', 'explain', 'srv-a')).toMatchObject({
      subject: { kind: 'server' },
      servers: [{ serverId: 'srv-a', chain: expect.any(Array) as unknown, drift: [] }],
      gateways: [],
      violations: [{ violationId: 'v-1', count: 42 }],
    });
  });

  it('never lets text from outside move the cursor of a terminal', async () => {
    const log = MemoryLog.of([
      {
        type: 'ServerAdded',
        data: { serverId: 'a', customerId: 'x', port: 'leaf1:E1', vlan: 1 },
        time: '2026-01-01T00:00:00Z',
      },
      { type: 'ServerPainted', data: { colour: '\u001b[2J\u202e' }, time: '2026-01-02T00:00:00Z', stream: 'server-a' },
    ]);
    const { out } = await run(['audit', 'explain', 'server:a', '--offline', 'DIR'], log);
    expect(out).toContain('\\u001b[2J\\u202e');
    expect(out).not.toContain('\u001b');
  });
});
