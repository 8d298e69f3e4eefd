import type { Ipv6Address } from '../../events/index.js';
import { HeldRa } from '../reactors/held-ra.js';
import { raDriverChecks, type RaHarness } from './ra-driver.contract.js';
import { type RaSaboteur, raSaboteurs } from './ra-driver.saboteurs.js';

const router = 'fe80::1' as Ipv6Address;

function held(disguise: RaSaboteur = (honest) => honest): RaHarness {
  const ra = new HeldRa(['vlan11', 'vlan16']);
  ra.setRunning(false);
  return {
    driver: disguise(ra),
    advertised: [
      { interface: 'vlan11', router },
      { interface: 'vlan16', router },
    ],
    heard: () => Promise.resolve([...ra.heard.values()].map((one) => `${one.interface} ${one.router}`)),
    setRunning: (running) => Promise.resolve(ra.setRunning(running)),
    setDeaf: (deaf) => Promise.resolve(void (ra.deaf = deaf)),
    spoil: () => Promise.resolve(ra.spoil()),
    restarted: () => disguise(ra),
  };
}

describe('router advertisements that exist in this process only', () => {
  it.each(raDriverChecks)('$name', ({ run }) => run(held()));
});

describe('the contract of router advertisements catches a driver that', () => {
  it.each(Object.entries(raSaboteurs))('%s', async (_name, sabotage) => {
    const failed: string[] = [];
    for (const { name, run } of raDriverChecks) await run(held(sabotage)).catch(() => failed.push(name));
    expect(failed).not.toEqual([]);
  });
});
