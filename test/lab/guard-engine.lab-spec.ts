import { spawn } from 'node:child_process';
import type { Ipv4Address } from '../../events/index.js';
import type { GuardStatus } from '../../src/reactors/guard-status.js';
import { serverFact } from '../story/billing.js';
import type { StagePort } from '../story/stage.js';
import { describeLab } from './describe-lab.js';
import { allowedFrames, forbiddenFrames } from './guard-frames.js';
import { createLab, type Lab, until } from './lab.js';
import { type LabEngine, startLabEngine } from './lab-engine.js';
import { run } from './lab-process.js';

describeLab('an engine that guards', () => {
  let lab: Lab;
  let site: LabEngine;

  beforeAll(async () => {
    lab = await createLab();
    site = await startLabEngine(lab, { guard: { mode: 'count' } });
  });
  afterAll(async () => {
    await site.engine.stop();
    await site.stage.close();
  });

  const status = (): Promise<GuardStatus> => site.ask<GuardStatus>('/v1/devices/leaf1/guard');
  const untilGuard = (what: string, holds: (status: GuardStatus) => boolean): Promise<void> =>
    until(what, async () => holds(await status()));
  const portOf = async (port: StagePort) => (await status()).ports.find((one) => one.interface === port);
  const serverAt = (port: StagePort) => {
    const { mac, linkLocal, ipv4, prefix } = lab.servers[port];
    return { mac, linkLocal, ipv4, prefix: prefix.replace('/48', '') };
  };
  const look = async (): Promise<void> => {
    await lab.byHand('link set vlan66 down');
    await lab.byHand('link set vlan66 up');
  };

  it('shows its first plan and touches nothing, then does it by an operator’s word', async () => {
    await untilGuard('the first plan is shown', ({ brake }) => brake?.code === 'first-plan');
    expect(await run('ip', ['netns', 'exec', lab.sw, 'nft', 'list', 'tables'])).toBe('');
    const shown = await site.cli('guard', 'leaf1');
    expect(shown).toContain('+ guard vlan16 prefix 2001:db8:16::/48');
    const hash = /guard apply leaf1 ([0-9a-f]{16})/.exec(shown)?.[1] ?? '';
    expect(await site.asOperator('guard', 'apply', 'leaf1', hash)).toContain(`plan ${hash}: confirmed`);
    await untilGuard('all ports are counted', ({ ports }) => ports.every(({ effect }) => effect === 'counts'));
    expect(await portOf('vlan66')).toMatchObject({ closed: 'sold to nobody' });
    expect(await run('ip', ['netns', 'exec', lab.sw, 'nft', 'list', 'tables'])).toBe('table netdev portledger_guard\n');
  });

  it('counts under its name what would be dropped, and nothing that an ordinary server sends', async () => {
    await lab.forge('vlan16', Object.values(allowedFrames(serverAt('vlan16'))));
    expect(await lab.ping(lab.servers.vlan16.ipv4)).toBe(3);
    await look();
    await untilGuard('frames were seen', ({ ports }) =>
      ports.some(({ interface: on, seen }) => on === 'vlan16' && seen > 30),
    );
    expect((await portOf('vlan16'))?.hits).toEqual([]);
    const forged = forbiddenFrames(serverAt('vlan16')).filter(([, kind]) => kind === 'router-advertisement');
    await lab.forge(
      'vlan16',
      forged.map(([, , frame]) => frame),
    );
    await look();
    await untilGuard('they are counted', ({ ports }) => ports.some(({ hits }) => hits.length > 0));
    expect((await portOf('vlan16'))?.hits).toMatchObject([{ kind: 'router-advertisement', frames: forged.length }]);
    const shown = await site.cli('guard', 'leaf1', 'leaf1:Ethernet16');
    expect(shown).toContain('somebody plays the router');
    expect(shown).toContain('IPv6 from 2001:db8:16::/48 and from link-local addresses.');
  });

  it('says of a suspended server whether it is blocked, and is told to drop by an operator', async () => {
    await site.publish(serverFact('ServerSuspended', 'srv-11'));
    const withheld = async (): Promise<string> => site.cli('device', 'leaf1');
    await untilGuard('the port is closed', ({ ports }) => ports.some((one) => one.closed === 'suspended by billing'));
    expect(await withheld()).toContain('outbound NOT blocked: the guard of this port does not drop');
    await site.asOperator('guard', 'mode', 'leaf1', 'drop', 'leaf1:Ethernet11');
    await untilGuard('it drops', ({ ports }) =>
      ports.some((one) => one.interface === 'vlan11' && one.effect === 'drops'),
    );
    await until('the device says so', async () => (await withheld()).includes('outbound blocked by the guard'));
    expect(await portOf('vlan16')).toMatchObject({ effect: 'counts', modeFrom: 'configuration of the device' });
    expect((await portOf('vlan11'))?.modeFrom).toMatch(/^token \w+ for this port$/);
  });

  it('keeps an operator’s word over a restart, and puts back what somebody flushed meanwhile', async () => {
    await site.engine.stop();
    await run('ip', ['netns', 'exec', lab.sw, 'nft', 'flush', 'ruleset']);
    await site.start();
    await untilGuard('the guard stands again', ({ state }) => state === 'equal');
    expect(await portOf('vlan11')).toMatchObject({ effect: 'drops', closed: 'suspended by billing' });
    const journal = await site.cli('log', 'stream', 'journal-leaf1-guard');
    expect(journal).toContain('ReconcileFinished');
  });

  it('guards an interface again that was made anew', async () => {
    const { namespace, mac } = lab.servers.vlan66;
    await lab.byHand('link del vlan66');
    await untilGuard('it is missed', ({ missing }) => missing.includes('vlan66'));
    await lab.byHand(
      `link add vlan66 address 52:54:00:ff:00:01 type veth peer name eth0 address ${mac} netns ${namespace}`,
    );
    await lab.byHand('link set vlan66 up');
    await untilGuard(
      'it is guarded',
      ({ missing, ports }) => missing.length === 0 && ports.every(({ effect }) => effect !== 'none'),
    );
    await lab.restoreGateway('vlan66');
  });

  /** Runs the verb while the world pings the server. */
  const proveSilence = async (...more: string[]): Promise<{ code: number | null; said: string }> => {
    const script = new URL('../../src/cli.js', import.meta.url).pathname;
    const args = [
      script,
      'prove-silence',
      'leaf1:Ethernet16',
      '--config',
      site.engine.configFile,
      '--seconds',
      '2',
      ...more,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let over = false;
    void ended.then(() => (over = true));
    while (!over) await lab.ping(lab.servers.vlan16.ipv4, 5);
    return { code: await ended, said };
  };

  it('proves that the gateway asks nothing while traffic flows; and that it does where it has to find a neighbour', async () => {
    await until('the world reaches it', async () => (await lab.ping(lab.servers.vlan16.ipv4, 1)) === 1);
    const silent = await proveSilence('--json');
    expect(JSON.parse(silent.said)).toMatchObject({
      silent: true,
      proved: true,
      arpRequests: 0,
      neighbourSolicitations: 0,
      lost: 0,
    });
    expect((JSON.parse(silent.said) as { carried: { in: number } }).carried.in).toBeGreaterThan(0);
    expect(silent.code).toBe(0);

    await run('ip', ['netns', 'exec', lab.sw, 'sh', '-c', 'echo 3 > /proc/sys/net/ipv4/neigh/vlan16/mcast_solicit']);
    await lab.byHand('route replace 198.51.100.77/32 dev vlan16');
    await run('ip', ['-n', lab.up, 'route', 'replace', '198.51.100.77/32', 'via', '10.255.1.1']);
    let over = false;
    const asking = (async () => {
      while (!over) await lab.ping('198.51.100.77' as Ipv4Address, 2);
    })();
    const loud = await proveSilence();
    over = true;
    await asking;
    expect(loud.said).toContain('Not silent: the gateway sent');
    expect(loud.said).toContain('arp-request for 198.51.100.77 from ');
    expect(loud.code).toBe(6);
  });
});
