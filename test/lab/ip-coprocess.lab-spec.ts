import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IpCoprocess } from '../../src/transports/ip-coprocess.js';
import { createLinuxLinkReader } from '../../src/transports/linux-link-reader.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';

describeLab('the ip coprocess', () => {
  let lab: Lab;
  let ip: IpCoprocess;

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
  });
  beforeEach(() => (ip = new IpCoprocess(lab.sw, 5_000)));
  afterEach(() => ip.close());
  afterAll(() => lab.close());

  it('answers each command by its place, though some fail', async () => {
    const answers = await ip.run([
      'link show dev vlan11',
      'link show dev nope',
      'neigh del 192.0.2.9 dev nope',
      'link show dev lo',
    ]);
    expect(answers.map(({ json, error }) => (json as { ifname: string }[] | undefined)?.[0]?.ifname ?? error)).toEqual([
      'vlan11',
      'Device "nope" does not exist.',
      'Cannot find device "nope"',
      'lo',
    ]);
  });

  it('goes on after a change that the kernel refuses, which ends ip itself', async () => {
    const entry = (last: number): string =>
      `neigh replace 192.0.2.${last} lladdr 02:00:00:00:00:0${last} dev vlan11 nud permanent`;
    const answers = await ip.run([
      entry(1),
      'neigh del 192.0.2.9 dev vlan11',
      'neigh del 192.0.2.8 dev vlan11',
      entry(2),
      'neigh show dev vlan11',
    ]);
    expect(answers.map(({ error }) => error)).toEqual([
      undefined,
      'RTNETLINK answers: No such file or directory',
      'RTNETLINK answers: No such file or directory',
      undefined,
      undefined,
    ]);
    expect((answers[4]?.json as { dst: string }[]).map(({ dst }) => dst).sort()).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('serves requests made at the same time one after another', async () => {
    const all = await Promise.all(
      ['vlan11', 'vlan16', 'lo', 'vlan66'].map((name) => ip.run([`link show dev ${name}`])),
    );
    expect(all.map(([answer]) => (answer?.json as { ifname: string }[])[0]?.ifname)).toEqual([
      'vlan11',
      'vlan16',
      'lo',
      'vlan66',
    ]);
  });

  it('starts ip again after somebody killed it, within a request and between two', async () => {
    const pid = async (): Promise<number> => ip.processId() ?? (await ip.run([]), ip.processId() ?? Number.NaN);
    process.kill(await pid(), 'SIGKILL');
    const first = await ip.run(['link show dev lo']).catch((error: Error) => error);
    if (first instanceof Error) expect(first.message).toMatch(/ended unexpectedly/);
    expect((await ip.run(['link show dev lo']))[0]?.error).toBeUndefined();
  });

  it('gives up at the deadline on an ip that hangs, and works with a new one', async () => {
    const impatient = new IpCoprocess(lab.sw, 300);
    try {
      await impatient.run(['link show dev lo']);
      process.kill(impatient.processId() ?? Number.NaN, 'SIGSTOP');
      await expect(impatient.run(['link show dev lo'])).rejects.toMatchObject({ code: 'timeout' });
      expect((await impatient.run(['link show dev lo']))[0]?.error).toBeUndefined();
    } finally {
      await impatient.close();
    }
  });

  it('leaves no orphan when the process that started it is killed with -9', async () => {
    const module = pathToFileURL(join(process.cwd(), 'dist/src/transports/ip-coprocess.js')).href;
    const program = `const { IpCoprocess } = await import('${module}');
      const ip = new IpCoprocess(undefined);
      await ip.run(['link show dev lo']);
      console.log(ip.processId());
      setInterval(() => {}, 1000);`;
    const engine = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const [said] = (await once(engine.stdout, 'data')) as [Buffer];
    const child = Number(said.toString());
    expect(existsSync(`/proc/${child}`)).toBe(true);
    engine.kill('SIGKILL');
    await until('ip is gone', () => !existsSync(`/proc/${child}`));
  });

  it('takes no text that could be a second command or a comment', () => {
    for (const text of ['link show\nlink set lo down', 'link show # no', 'link show \\', '-n other link show', '']) {
      expect(() => ip.run([text])).toThrow(TypeError);
    }
  });

  it('names a namespace that does not exist', async () => {
    const nowhere = new IpCoprocess('pllab-none');
    await expect(nowhere.run(['link show'])).rejects.toMatchObject({ code: 'namespace-gone' });
    await nowhere.close();
  });
});

describeLab('the link reader', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab({ startBird: false });
  });
  afterAll(() => lab.close());

  it('reads carrier and admin state from the kernel, of all interfaces given or of one', async () => {
    const reader = createLinuxLinkReader({ netns: lab.sw, interfaces: ['vlan11', 'vlan16', 'vlan99'] });
    const hints: (string | undefined)[] = [];
    try {
      expect(await reader.read()).toEqual(
        new Map([
          ['vlan11', { adminUp: true, carrier: false }],
          ['vlan16', { adminUp: true, carrier: false }],
        ]),
      );
      reader.watch((name) => hints.push(name));
      await until('the watch has begun', () => hints.includes(undefined));
      await lab.setCarrier('vlan16', true);
      await until('a hint at vlan16', () => hints.includes('vlan16'));
      expect(await reader.read(['vlan16', 'vlan99'])).toEqual(new Map([['vlan16', { adminUp: true, carrier: true }]]));
      await lab.adminDown('vlan16');
      expect((await reader.read()).get('vlan16')).toEqual({ adminUp: false, carrier: false });
    } finally {
      await reader.close();
    }
  });
});
