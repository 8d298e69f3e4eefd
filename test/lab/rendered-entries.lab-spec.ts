import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatIpv6,
  type Ipv4Address,
  type Ipv6Address,
  type MacAddress,
  parseIpv6Prefix,
} from '../../events/index.js';
import { destinationOf, parseInclude, renderRoutes, routeFault } from '../../src/drivers/bgp/bird-include.js';
import { stampLine } from '../../src/drivers/stamp-line.js';

import type { PortGuard } from '../../src/drivers/guard/guard.port.js';
import { sharedRules } from '../../src/drivers/guard/nft-rules.js';
import { transactionOf } from '../../src/drivers/guard/nft-transaction.js';
import { rateBudget } from '../../src/drivers/guard/rate-budget.js';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import { hostileString, numbersFrom } from '../drivers/hostile-strings.js';
import { tempDirectory } from '../support/temp-directory.js';
import { switchBirdBase } from './bird-base.js';
import { describeLab } from './describe-lab.js';
import { searchPath } from './lab-needs.js';

const wanted = 10_000;
const number = numbersFrom(16);

/** Routes of all that a route may be, on interfaces whose names came out of hostile strings. */
function routes(family: Route['family']): Route[] {
  const byDestination = new Map<string, Route>();
  while (byDestination.size < wanted) {
    const route = oneRoute(family);
    if (route !== undefined && routeFault(route) === undefined) byDestination.set(destinationOf(route), route);
  }
  return [...byDestination.values()];
}

function oneRoute(family: Route['family']): Route | undefined {
  const name = number(3) === 0 ? hostileString('vlan16', number) : `vlan${number(4095)}`;
  const med = number(3) === 0 ? 0xffffffff - number(2) : number(1_000);
  const word = (): number => number(0x10000) * 0x10000 + number(0x10000);
  if (family === 'ipv4') {
    const address = [1 + number(223), number(256), number(256), number(256)].join('.') as Ipv4Address;
    return { family, address, interface: name, med };
  }
  const length = 1 + number(128);
  const part = (of: number, index: number): number => kept(of, index, length);
  const first = 0x20010000 + number(0x10000);
  const words = [part(first, 0), part(word(), 1), part(word(), 2), part(word(), 3)] as const;
  const prefix = parseIpv6Prefix(`${formatIpv6(words)}/${length}`);
  if (prefix === undefined) return undefined;
  const nextHop = formatIpv6([0xfe800000, 0, word(), word()]);
  return { family, prefix, nextHop, interface: name, med };
}

/** The part of a 32-bit word of an address that a prefix of this length keeps. */
function kept(word: number, index: number, length: number): number {
  const bits = Math.min(32, Math.max(0, length - 32 * index));
  return bits === 0 ? 0 : ((word >>> (32 - bits)) << (32 - bits)) >>> 0;
}

describeLab('the parser of BIRD itself', () => {
  const directory = tempDirectory();
  const path = (name: string): string => join(directory, name);
  const files = { log: path('log'), include6: path('six.conf'), include4: path('four.conf') };
  const header = stampLine({ logId: '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11', ordinal: 7 }, false);

  function birdSays(): string {
    writeFileSync(path('bird.conf'), switchBirdBase(files, { checkLink: true }));
    const run = spawnSync('bird', ['-p', '-c', path('bird.conf')], { env: { PATH: searchPath }, encoding: 'utf8' });
    return run.status === 0 ? 'fine' : `${run.stdout}${run.stderr}`;
  }

  it('takes every line of two files of 10,000 routes, and we read the same routes back', () => {
    const [six, four] = [routes('ipv6'), routes('ipv4')];
    const [text6, text4] = [header + renderRoutes(six), header + renderRoutes(four)];
    writeFileSync(files.include6, text6);
    writeFileSync(files.include4, text4);
    expect(birdSays()).toBe('fine');
    const spelt = (list: readonly Route[]): string[] => list.map((route) => JSON.stringify(sorted(route))).sort();
    expect(spelt(parseInclude(text6, 'ipv6').routes)).toEqual(spelt(six));
    expect(spelt(parseInclude(text4, 'ipv4').routes)).toEqual(spelt(four));
    expect(text6.split('\n')).toHaveLength(wanted + 2);
  });

  it('refuses a file with one line that is not ours, so that its word counts', () => {
    writeFileSync(files.include4, `${header}route 198.51.100.16/32 via "vlan16" { bgp_med = 0; };\nreboot;\n`);
    writeFileSync(files.include6, header);
    expect(birdSays()).toContain('four.conf:3');
  });
});

function sorted(route: Route): unknown {
  return Object.fromEntries(Object.entries(route).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describeLab('the parser of nft itself', () => {
  it('takes a transaction with 10,000 entries of a guard, and refuses one with a line that is not ours', () => {
    const count = Math.ceil(wanted / 3);
    const indexes = Array.from({ length: count }, (_, index) => index);
    const hex = (value: number): string => value.toString(16).padStart(2, '0');
    const port: PortGuard = {
      interface: 'lo',
      mode: 'drop',
      closed: false,
      macs: indexes.map((index) => `52:54:00:00:${hex(index >>> 8)}:${hex(index & 255)}` as MacAddress),
      ipv4: indexes.map((index) => `10.0.${index >>> 8}.${index & 255}` as Ipv4Address),
      prefixes: indexes.flatMap((index) => parseIpv6Prefix(`2001:db8:${(index + 1).toString(16)}::/48`) ?? []),
      gatewayMacs: ['02:00:5e:00:00:01' as MacAddress],
      gatewayIpv4: ['198.51.100.1' as Ipv4Address],
      gatewayIpv6: ['fe80::1' as Ipv6Address],
    };
    const text = transactionOf(
      undefined,
      new Map([['lo', { ...port, attached: true }]]),
      sharedRules({ arp: rateBudget(1024, 4), nd: rateBudget(1024, 4) }),
    );
    expect(nftSays(text)).toBe('fine');
    expect(nftSays(`${text}reboot\n`)).toContain('reboot');
  });

  function nftSays(text: string): string {
    const run = spawnSync('unshare', ['-n', 'nft', '-c', '-f', '-'], {
      env: { PATH: searchPath },
      input: text,
      encoding: 'utf8',
    });
    return run.status === 0 ? 'fine' : `${run.stdout}${run.stderr}`;
  }
});
