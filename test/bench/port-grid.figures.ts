import type { Page } from 'playwright-core';
import type { ConsoleRig } from '../browser/console-rig.js';
import { storeFact, storeFacts } from '../support/publish.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

/** A frame of a screen that draws 60 a second. */
const wantedMs = 16;
const ports = Array.from({ length: 48 }, (_, at) => at + 1);
const portOf = (number: number): string => `rack48:Ethernet${number}`;

/**
 * What a page with the front of a switch of 48 ports does when the link of one of them changes: from the moment at which the
 * engine's answer has arrived whole until what changed is in the document, styled and laid out. All of that is work of the
 * page's one thread; drawing is the compositor's. Peer: one cell of that grid written by hand, styled and laid out.
 */
export async function gridFigures(rig: ConsoleRig, changes: number, say: (text: string) => void): Promise<BenchRow[]> {
  await storeFacts(rig.engine.parts.store, ports.flatMap(soldAndUp));
  await rig.untilLive();
  const page = await rig.open('switches/rack48');
  await stateShown(page, 48, 'not-watched');
  await page.evaluate(watching);
  say(`the link of one of ${ports.length} ports changes ${changes} times`);
  for (let change = 0; change < changes; change++) {
    const port = ports[(change * 7) % ports.length] ?? 1;
    await storeFact(rig.engine.parts.store, 'LinkDown', { port: portOf(port) });
    await stateShown(page, port, 'sold-down');
    await storeFact(rig.engine.parts.store, 'LinkUp', { port: portOf(port) });
    await stateShown(page, port, 'not-watched');
  }
  const { took, byHand }: Measured = await page.evaluate('measuredInPage()');
  if (took.length < changes) throw new Error(`the page changed ${took.length} times, expected ${2 * changes}`);
  const name = `one of ${ports.length} ports changes, work of the page`;
  const common = { room: 'console', unit: 'ms', limit: wantedMs, goal: 1 };
  return [
    rowOf({ ...common, name: `${name}, median of ${took.length}`, value: median(took), peer: median(byHand) }),
    rowOf({ ...common, name: `${name}, worst`, value: Math.max(...took), peer: Math.max(...byHand) }),
  ];
}

interface Measured {
  readonly took: number[];
  readonly byHand: number[];
}

function soldAndUp(number: number): Parameters<typeof storeFacts>[1][number][] {
  const serverId = `rack48-${number}`;
  const mac = `52:54:00:48:00:${number.toString(16).padStart(2, '0')}`;
  return [
    { type: 'ServerAdded', data: { serverId, customerId: `cust-${number}`, port: portOf(number), vlan: number, mac } },
    { type: 'Ipv4AddOnBought', data: { serverId, addOnId: 'a', address: `203.0.113.${number}` } },
    { type: 'LinkUp', data: { port: portOf(number) } },
  ];
}

async function stateShown(page: Page, port: number, state: string): Promise<void> {
  await page.locator(`[data-name="Ethernet${port}"].${state}`).waitFor();
}

/** Put into the page: notes how long each change of the grid takes, and how long the least change by hand. */
const watching = `
  const grid = document.querySelector('[role=grid]');
  const took = [];
  let arrived;
  Response.prototype.json = async function () {
    const text = await this.text();
    arrived = performance.now();
    return JSON.parse(text);
  };
  const observer = new MutationObserver(() => {
    grid.getBoundingClientRect();
    took.push(performance.now() - arrived);
  });
  observer.observe(grid, { subtree: true, childList: true, attributes: true, characterData: true });
  window.measuredInPage = () => {
    observer.disconnect();
    const byHand = took.map((_, round) => {
      const cell = grid.querySelectorAll('[data-name]')[(round * 7) % ${ports.length}];
      const begun = performance.now();
      cell.className = cell.className + ' dimmed';
      cell.querySelector('.mark').textContent = String(round % 10);
      grid.getBoundingClientRect();
      return performance.now() - begun;
    });
    return { took, byHand };
  };
`;
