import { arp, neighbourAdvertisement, routerAdvertisement } from '../lab/frames.js';
import { ask } from './billing.js';
import { expectWorld, ms, type Scene, until } from './scene.js';

interface ShownViolation {
  readonly rule: string;
  readonly port?: string;
  readonly claimedAddress?: string;
  readonly offender?: { readonly serverId?: string };
  readonly victim?: { readonly serverId?: string };
}

export const silence: Scene = {
  title: 'The switch never asks',
  async play({ stage, tell }) {
    const nobody = '2001:db8:16:dead:beef::1';
    let answered: number | undefined;
    const questions = await stage.questionsDuring('vlan16', async () => {
      answered = await stage.ping(nobody, 5);
    });
    if (questions === undefined) {
      tell('not shown here: there is no wire to listen on');
      return;
    }
    expectWorld(answered === 5, `5 of 5 echo requests to ${nobody} are answered, seen ${answered}`);
    expectWorld(
      questions.length === 0,
      `no ARP request and no neighbour solicitation leaves the switch: ${questions.join('; ')}`,
    );
    tell(`ping from the upstream to ${nobody}, an address nobody ever used: ${answered} of 5 answered`);
    tell(`neighbour solicitations and ARP requests from the switch on that port meanwhile: ${questions.length}`);
  },
};

export const forgery: Scene = {
  title: 'The third server forges ARP, neighbour and router advertisements',
  async play({ stage, tokens, engine, tell, moments }) {
    const evil = stage.servers.vlan66.mac;
    const victim = stage.servers.vlan16;
    const before = await stage.entries();
    const start = performance.now();
    await stage.forge('vlan66', [
      arp({ operation: 2, etherSource: evil, senderIp: victim.ipv4, targetIp: '198.51.100.1' }),
      arp({ operation: 2, etherSource: evil, senderIp: '198.51.100.1', targetIp: victim.ipv4 }),
      neighbourAdvertisement({ etherSource: evil, source: '2001:db8:16::1', target: '2001:db8:16::1' }),
      neighbourAdvertisement({ etherSource: evil, source: 'fe80::1', target: 'fe80::1' }),
      routerAdvertisement({ etherSource: evil, source: 'fe80::66' }),
    ]);
    const wanted = [
      ['address-spoof', victim.ipv4],
      ['address-spoof', '2001:db8:16::1'],
      ['gateway-impersonation', '198.51.100.1'],
      ['gateway-impersonation', 'fe80::1'],
      ['rogue-router-advertisement', 'fe80::66'],
    ] as const;
    let shown: ShownViolation[] = [];
    const has = (rule: string, address: string): ShownViolation | undefined =>
      shown.find((one) => one.rule === rule && one.claimedAddress === address);
    await until('the feed shows every forgery', async () => {
      shown = (await ask<{ violations: ShownViolation[] }>(engine, tokens, '/v1/violations?port=leaf1:Ethernet66'))
        .violations;
      return wanted.every(([rule, address]) => has(rule, address) !== undefined);
    });
    const took = performance.now() - start;
    for (const [rule, address] of wanted) {
      const one = has(rule, address);
      expectWorld(one?.port === 'leaf1:Ethernet66', `${rule} names the port`);
      expectWorld(one?.offender?.serverId === 'srv-66', `${rule} names the offender`);
      const whose = one?.victim?.serverId;
      if (rule === 'address-spoof') expectWorld(whose === 'srv-16', `${rule} names the victim`);
      tell(
        `${rule.padEnd(27)} ${address.padEnd(15)} on ${one?.port} by ${one?.offender?.serverId}${whose === undefined ? '' : `, sold to ${whose}`}`,
      );
    }
    tell(`all five in the feed ${ms(took)} after the first frame was sent`);
    const after = await stage.entries();
    expectWorld(
      [...before].every((entry) => after.has(entry)) && before.size === after.size,
      'the permanent entries are unchanged',
    );
    const answered = await stage.ping(victim.ipv4, 3);
    expectWorld(answered === undefined || answered === 3, "the victim's ping goes on");
    tell(
      `permanent entries: unchanged${answered === undefined ? '' : `; the victim still answers ${answered} of 3 pings`}`,
    );
    moments.set('after the forgery', new Date().toISOString());
  },
};
