import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Alert } from '../../src/ops/alerts.js';
import type { RaStatus } from '../../src/reactors/ra-status.js';
import { serverFact } from '../story/billing.js';
import { describeLab } from './describe-lab.js';
import { forbiddenFrames } from './guard-frames.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';
import { type LabEngine, startLabEngine } from './lab-engine.js';
import { ipBatch } from './lab-process.js';
import { type HeardRa, radvdIn, type RadvdInLab, solicit } from './radvd.js';

describeLab('an engine that sends router advertisements', () => {
  let lab: Lab;
  let site: LabEngine;
  let radvd: RadvdInLab;

  beforeAll(async () => {
    lab = await createLab();
    radvd = radvdIn(lab.sw, lab.directory);
    const { file, pidFile } = radvd;
    site = await startLabEngine(lab, { ra: { file, pidFile } });
    await lab.setCarrier('vlan66', true);
  });
  afterAll(async () => {
    await site.engine.stop();
    await radvd.stop();
    await site.stage.close();
  });

  const status = (): Promise<RaStatus> => site.ask<RaStatus>('/v1/devices/leaf1/ra');
  const untilRa = (what: string, holds: (status: RaStatus) => boolean): Promise<void> =>
    until(what, async () => holds(await status()));
  const equal = ({ state }: RaStatus): boolean => state === 'equal';
  const heardAt = (port: LabPort): Promise<HeardRa | undefined> => solicit(lab.servers[port].namespace);
  const alerts = async (): Promise<readonly string[]> =>
    (await site.ask<{ alerts: readonly Alert[] }>('/readyz')).alerts.map(({ code }) => code);
  const journal = (): Promise<string> => site.cli('log', 'stream', 'journal-leaf1-ra');
  const freeze = (verb: 'freeze' | 'resume'): Promise<string> =>
    site.asOperator(verb, 'leaf1', '--reason', 'somebody works at it');
  const gatewayless = ({ prefix, ...server }: Lab['servers']['vlan66']) => ({
    ...server,
    prefix: prefix.replace('/48', ''),
  });
  /** Below the line that says which log and ordinal it is of. */
  const written = (): string => readFileSync(radvd.file, 'utf8').replace(/^.*\n/, '');
  const rightOne: HeardRa = { from: 'fe80::1', lifetime: 1800, managed: true, other: true, prefixes: [] };

  it('writes nothing before an operator approved its first plan, and then says that nobody reads it', async () => {
    await untilRa('the first plan is shown', ({ brake, plan }) => brake?.code === 'first-plan' && plan.length >= 3);
    const shown = await site.cli('ra', 'leaf1');
    expect(shown).toContain('+ ra vlan16 from fe80::1');
    const hash = /ra apply leaf1 ([0-9a-f]{16})/.exec(shown)?.[1] ?? '';
    expect(await site.asOperator('ra', 'apply', 'leaf1', hash)).toContain(`plan ${hash}: confirmed`);
    await until('it is told that radvd does not run', async () => (await alerts()).includes('ra-incomplete'));
    expect(await site.cli('ra', 'leaf1')).toContain('radvd IS NOT RUNNING');
  });

  it('has each granted machine hear its default route from the gateway and nothing else, and a port of nobody hear nothing', async () => {
    await radvd.start();
    await untilRa('radvd was proved to advertise', equal);
    expect(await alerts()).not.toContain('ra-incomplete');
    expect(await heardAt('vlan11')).toEqual(rightOne);
    expect(await heardAt('vlan16')).toEqual(rightOne);
    expect(await heardAt('vlan66')).toBeUndefined();
  });

  it('answers a machine whose link-local address stands in no neighbour entry', async () => {
    const { namespace } = lab.servers.vlan16;
    await ipBatch(namespace, ['addr add fe80::abcd:ef01:2345:6789/64 dev eth0 nodad']);
    expect(await solicit(namespace, 'fe80::abcd:ef01:2345:6789')).toEqual(rightOne);
  });

  it('is heard by a machine whose cable is plugged in later', async () => {
    await lab.setCarrier('vlan11', false);
    await lab.setCarrier('vlan11', true);
    expect(await heardAt('vlan11')).toEqual(rightOne);
  });

  it('has a suspended server hear nothing, and hear it again when it is resumed', async () => {
    await site.publish(serverFact('ServerSuspended', 'srv-16'));
    await untilRa('it is taken away', (now) => equal(now) && now.advertised.length === 1);
    expect(await heardAt('vlan16')).toBeUndefined();
    expect(await heardAt('vlan11')).toEqual(rightOne);
    await site.publish(serverFact('ServerResumed', 'srv-16'));
    await untilRa('it is back', (now) => equal(now) && now.advertised.length === 2);
    expect(await heardAt('vlan16')).toEqual(rightOne);
  });

  it('is no rogue router to its own sensors, which hear one at a port of nobody', async () => {
    const forged = forbiddenFrames(gatewayless(lab.servers.vlan66)).filter(
      ([, kind]) => kind === 'router-advertisement',
    );
    await lab.forge(
      'vlan66',
      forged.slice(0, 1).map(([, , frame]) => frame),
    );
    const rogue = async (): Promise<readonly (string | undefined)[]> => {
      const { violations } = await site.ask<{ violations: readonly { rule: string; port?: string }[] }>(
        '/v1/violations',
      );
      return violations.filter(({ rule }) => rule === 'rogue-router-advertisement').map(({ port }) => port);
    };
    await until('the forged one is judged', async () => (await rogue()).length > 0);
    expect(await rogue()).toEqual(['leaf1:Ethernet66']);
  });

  it('tells that radvd was killed, and is as before when it is started again', async () => {
    await radvd.stop('SIGKILL');
    await untilRa('it is told', ({ state, daemon }) => state === 'differs' && daemon === 'stopped');
    expect(await alerts()).toContain('ra-incomplete');
    await radvd.start();
    await untilRa('it advertises as before', equal);
    expect(await heardAt('vlan16')).toEqual(rightOne);
  });

  it.each([
    ['broken', (): void => writeFileSync(radvd.file, 'interface vlan16 { this is not radvd')],
    ['altered', (): void => writeFileSync(radvd.file, readFileSync(radvd.file, 'utf8').replace('Flag on', 'Flag off'))],
    ['removed', (): void => rmSync(radvd.file)],
  ])('puts the file back where somebody has it %s by hand', async (_what, spoil) => {
    const good = written();
    spoil();
    await until('it is as we wrote it', () => existsSync(radvd.file) && written() === good);
    await untilRa('it advertises as before', equal);
    expect(await heardAt('vlan16')).toEqual(rightOne);
  });

  it('tells that radvd ended by what somebody wrote for it, and has the right file there when it is started', async () => {
    await freeze('freeze');
    writeFileSync(radvd.file, 'interface vlan16 { this is not radvd');
    radvd.signal('SIGHUP');
    await until('radvd does not survive it', () => !radvd.runs);
    await untilRa('it is told', ({ daemon }) => daemon === 'stopped');
    expect(await alerts()).toContain('ra-incomplete');
    await freeze('resume');
    await until('the file is put back', () => readFileSync(radvd.file, 'utf8').includes('AdvManagedFlag on'));
    await radvd.start();
    await untilRa('it advertises as before', equal);
    expect(await heardAt('vlan16')).toEqual(rightOne);
  });

  it('leaves the last good state while the engine is away, and writes nothing when it is back', async () => {
    const [before, journaled] = [readFileSync(radvd.file, 'utf8'), await journal()];
    expect(journaled).toContain('ReconcileFinished');
    await site.engine.stop();
    expect(await heardAt('vlan16')).toEqual(rightOne);
    expect(readFileSync(radvd.file, 'utf8')).toBe(before);
    await site.start();
    await untilRa('it is looked at', equal);
    expect(readFileSync(radvd.file, 'utf8')).toBe(before);
    expect(await journal()).toBe(journaled);
  });
});
