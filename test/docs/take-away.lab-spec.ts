import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeLab } from '../lab/describe-lab.js';
import { searchPath } from '../lab/lab-needs.js';
import { createLab, type Lab, until } from '../lab/lab.js';
import { markedBlock } from './marked-page.js';

describeLab('the commands of the README that take portledger away', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(() => lab.close());

  it('remove everything it wrote and nothing else', async () => {
    const { mac, ipv4, linkLocal, prefix } = lab.servers.vlan16;
    const stateFile = join(lab.directory, 'leaf1.state.json');
    await lab.byHand(
      ...[ipv4, linkLocal].map((to) => `neigh replace ${to} lladdr ${mac} dev vlan16 nud permanent protocol 155`),
    );
    writeFileSync(lab.bird.include6, `route ${prefix} via ${linkLocal}%vlan16 { bgp_med = 0; };\n`);
    writeFileSync(lab.bird.include4, `route ${ipv4}/32 via "vlan16" { bgp_med = 0; };\n`);
    writeFileSync(stateFile, '{}\n');
    await lab.setCarrier('vlan16', true);
    await lab.reloadBird();
    await until('both routes are at the upstream', async () => (await lab.upstreamRoutes()).size === 2);
    const permanent = async (): Promise<number> =>
      ((await lab.switchKernel('neigh', 'show', 'nud', 'permanent')) as object[]).length;
    expect(await permanent()).toBe(4);

    const commands = markedBlock('README.md', 'take away')
      .text.replaceAll('/etc/bird/portledger6.conf', lab.bird.include6)
      .replaceAll('/etc/bird/portledger4.conf', lab.bird.include4)
      .replaceAll('/var/lib/portledger/leaf1.state.json', stateFile)
      .replaceAll('birdc ', `birdc -s ${lab.bird.socket} `);
    const env = { ...process.env, PATH: searchPath };
    execFileSync('ip', ['netns', 'exec', lab.sw, 'bash', '-e', '-c', commands], { env, stdio: 'pipe' });

    await until('no route is left', async () => (await lab.upstreamRoutes()).size === 0);
    expect(existsSync(stateFile)).toBe(false);
    // What is left are the two entries of the BGP peer, which somebody else wrote.
    expect(await permanent()).toBe(2);
  });
});
