import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventTypes } from '../../events/index.js';
import type { Projection } from '../../projections/projection.js';
import { importBreaches, roomOf } from './import-rules.js';
import { anyBreaches, layoutBreaches, purityBreaches, topLevelBreaches } from './layout-rules.js';
import { filesUnder, parseSource, readSources } from './source-file.js';

const sources = readSources(['events', 'projections', 'src']);

describe('the house', () => {
  it('imports only what the table allows', () => expect(importBreaches(sources)).toEqual([]));
  it('keeps clock, chance and world out of its core', () => expect(purityBreaches(sources)).toEqual([]));
  it('writes no any', () => expect(anyBreaches([...sources, ...readSources(['test'])])).toEqual([]));
  it('draws what its tests generate from one seed', () => {
    const drawing = readSources(['test']).filter(({ imports }) => imports.some(({ name }) => name === 'fast-check'));
    expect(drawing.map(({ path }) => path)).toEqual(['test/support/property.ts']);
  });
  it('names its folders and files for what is in them', () =>
    expect(layoutBreaches(filesUnder(['events', 'projections', 'src', 'test']))).toEqual([]));

  it('has nothing at its top that has no reason', () => {
    const ignored = readFileSync('.gitignore', 'utf8').split('\n').filter(Boolean);
    const isIgnored = (entry: string): boolean =>
      ignored.some((line) =>
        new RegExp(`^${line.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(entry),
      );
    expect(topLevelBreaches(readdirSync('.').filter((entry) => entry !== '.git' && !isIgnored(entry)))).toEqual([]);
  });

  it('finds a source in every room it checks', () => {
    const found = new Set(sources.map((file) => roomOf(file.path)));
    for (const room of ['events', 'projections', 'event-store', 'drivers', 'projector']) expect(found).toContain(room);
  });
});

describe('no projection of the map', () => {
  const folder = resolve('dist/projections');
  const files = readdirSync(folder).filter((name) => name.endsWith('.projection.js'));
  const load = async (): Promise<Projection<unknown, never>[]> => {
    const modules: object[] = [];
    // One after another: what two of them import is linked once.
    for (const name of files) modules.push((await import(pathToFileURL(join(folder, name)).href)) as object);
    return modules.flatMap((one): unknown[] => Object.values(one)).filter(isProjection);
  };

  it('handles a journal event', async () => {
    const projections = await load();
    expect(projections.map((one) => one.name).sort()).toEqual([
      'assignments',
      'delegations',
      'exceptions',
      'gateways',
      'links',
      'mutes',
      'pools',
      'renumberings',
      'seen-macs',
      'surveys',
      'violations',
    ]);
    const handled = projections.flatMap((one) => [...(one.handles as readonly string[])]);
    expect(handled.filter(isJournaled)).toEqual([]);
    // Every other type is handled by exactly one, but for the skip, which concerns the fold itself, for prices, and for who watched when.
    const others = eventTypes.filter(
      (type) => !isJournaled(type) && !type.startsWith('Sensor') && type !== 'EventSkipped' && type !== 'AddOnRateSet',
    );
    expect(handled.sort()).toEqual([...others].sort());
  });

  it('and no rule names one', () => {
    const rules = filesUnder(['projections/rules']).filter((path) => path.endsWith('.ts'));
    expect(rules.length).toBeGreaterThan(0);
    expect(
      rules.filter((path) =>
        /AuditRead|SignedIn|SignInRefused|TokenRefused|SessionEnded|(User|Token)Changed|Reconcile(Started|Finished)|Device(Frozen|Resumed)|DayReportMailed|Destination(Added|Disabled|Enabled)|Alerts?(Bundled|Delivered|GivenUp|Passed)|EntryAdopted|MoveFinished|EventSkipped/.test(
          readFileSync(path, 'utf8'),
        ),
      ),
    ).toEqual([]);
  });
});

/** What our own rooms write down of what they did. */
const isJournaled = (type: string): boolean =>
  /^(Audit|Sign|Token|Session|User|Reconcile|Move|DayReport|Device|EntryAdopted|Destination|Alert)/.test(type);

function isProjection(value: unknown): value is Projection<unknown, never> {
  return typeof value === 'object' && value !== null && 'evolve' in value && 'handles' in value;
}

describe('each rule can fail:', () => {
  const breaches = (path: string, text: string): string[] =>
    importBreaches([parseSource(path, text)]).map((one) => one.rule);

  it.each([
    ['events/a.ts', `import { LogFold } from '../projections/index.js';`],
    ['events/a.ts', `import { Subject } from 'rxjs';`],
    ['events/a.ts', `import { Injectable } from '@nestjs/common';`],
    ['events/a.ts', `import fs from 'node:fs';`],
    ['events/vocabulary/ip-address.ts', `import { Netmask } from 'netmask';`],
    ['projections/a.ts', `import { field } from '../events/vocabulary/fields.js';`],
    ['projections/a.ts', `import type { StoredEvent } from '../events/contract.js';`],
    ['projections/a.ts', `import { isIP } from 'node:net';`],
    ['projections/a.ts', `import fc from 'fast-check';`],
    ['projections/a.ts', `export * from '../src/projector/live-map.js';`],
    ['projections/a.ts', `const late = () => import('node:fs');`],
    ['projections/a.ts', `const late = (name: string) => import(name);`],
    ['projections/a.ts', `type Late = import('../src/main.js').Late;`],
    ['src/event-store/a.ts', `import { LogFold } from '../../projections/index.js';`],
    ['src/event-store/a.ts', `import { plan } from '../reactors/plan.js';`],
    ['src/event-store/a.ts', `import { LogReader } from './embedded/log-reader.js';`],
    ['src/event-store/eventstoredb/a.ts', `import { LogReader } from '../embedded/log-reader.js';`],
    ['src/drivers/switch/a.switch.ts', `import { LogFold } from '../../../projections/index.js';`],
    ['src/drivers/switch/a.switch.ts', `import { EventStore } from '../../event-store/event-store.port.js';`],
    ['src/drivers/switch/a.switch.ts', `import { Injectable } from '@nestjs/common';`],
    ['src/drivers/switch/a.switch.ts', `import { AppConfig } from '../../config/app-config.js';`],
    ['src/transports/a.ts', `import { parseMac } from '../../events/index.js';`],
    ['src/reactors/a.ts', `import { LinuxSwitch } from '../drivers/switch/linux.switch.js';`],
    ['src/reactors/a.ts', `import { Intake } from '../intake/intake.js';`],
    ['src/reactors/plan.ts', `import { Subject } from 'rxjs';`],
    ['src/reactors/a.ts', `import { Projector } from '../projector/projector.js';`],
    ['src/intake/a.ts', `import { judge } from '../sensor/judge.js';`],
    ['src/sensor/a.ts', `import { planChanges } from '../reactors/plan.js';`],
    ['src/sensor/a.ts', `import type { Observation } from '../../projections/observation.js';`],
    ['src/feed/a.ts', `import { EmbeddedEventStore } from '../event-store/embedded/embedded.event-store.js';`],
    ['src/feed/a.ts', `import { RequireScope } from '../auth/require-scope.js';`],
    ['src/links/a.ts', `import { SwitchDriver } from '../drivers/switch/switch.port.js';`],
    ['src/auth/a.ts', `import { LogFold } from '../../projections/index.js';`],
    ['src/config/a.ts', `import { LogFold } from '../../projections/index.js';`],
    ['src/projector/a.ts', `import { Runner } from '../reactors/runner.js';`],
    ['src/client/a.ts', `import { LogFold } from '../../projections/index.js';`],
    ['src/client/a.ts', `import type { ServerId } from '../../events/vocabulary/identity.js';`],
    ['src/client/a.ts', `import type { Receipt } from '../intake/receipt.js';`],
    ['src/client/a.ts', `import { Agent } from 'undici';`],
    ['src/feed/a.ts', `import { PortledgerClient } from '../client/index.js';`],
    ['src/console/a.ts', `import { LogFold } from '../../projections/index.js';`],
    ['src/leftovers/a.ts', ``],
  ])('%s with %s', (path, text) => expect(new Set(breaches(path, text)).size).toBeGreaterThan(0));

  it.each([
    ['events/vocabulary/prefix.ts', `import { Netmask } from 'netmask'; import { isIPv6 } from 'node:net';`],
    ['projections/a.ts', `import { parseMac } from '../events/index.js'; import { b } from './b.js';`],
    [
      'src/reactors/runner.ts',
      `import { Subject } from 'rxjs'; import type { SwitchDriver } from '../drivers/switch/switch.port.js';`,
    ],
    ['src/control/a.ts', `import { planChanges } from '../reactors/plan-changes.js';`],
    [
      'src/feed/violations.controller.ts',
      `import { RequireScope } from '../auth/require-scope.js'; import { LiveMap } from '../projector/live-map.js';`,
    ],
    ['src/intake/publish.command.ts', `import { verb } from '../cli/command.js';`],
    ['src/client/a.ts', `import type { EventType } from '../../events/index.js'; import { Agent } from 'node:https';`],
    [
      'src/main.ts',
      `import { Runner } from './reactors/runner.js'; import { LogFold } from '../projections/index.js';`,
    ],
  ])('and %s may say %s', (path, text) => expect(breaches(path, text)).toEqual([]));

  it('a database client in a second file, or outside the event store', () => {
    const use = (path: string) => parseSource(path, `import Database from 'better-sqlite3';`);
    expect(importBreaches([use('src/event-store/sqlite.ts')])).toEqual([]);
    expect(importBreaches([use('src/event-store/sqlite.ts'), use('src/event-store/b.ts')])).toHaveLength(1);
    expect(importBreaches([use('src/ops/a.ts')])).toHaveLength(1);
  });

  it('a command line that loads Nest for every verb, however far away', () => {
    const cli = (how: string) => [
      parseSource('src/cli.ts', how),
      parseSource('src/a.ts', `import { NestFactory } from '@nestjs/core';`),
    ];
    expect(importBreaches(cli(`import { a } from './a.js';`))).toHaveLength(1);
    expect(importBreaches(cli(`const a = () => import('./a.js');`))).toEqual([]);
    expect(importBreaches(cli(`import type { A } from './a.js';`))).toEqual([]);
  });

  it.each([
    'Date.now()',
    'new Date(5)',
    'Date.parse(x)',
    'Math.random()',
    'process.pid',
    'setTimeout(f, 1)',
    'globalThis.x',
    'fetch(x)',
    'performance.now()',
    'console.log(1)',
  ])('projections with %s', (text) =>
    expect(purityBreaches([parseSource('projections/a.ts', `const a = ${text};`)])).not.toEqual([]),
  );
  it.each(['Date.now()', 'new Date()', 'Date()', 'performance.now()', 'setInterval(f, 1)', 'process.hrtime()'])(
    'events with %s',
    (text) => expect(purityBreaches([parseSource('events/a.ts', `const a = ${text};`)])).not.toEqual([]),
  );
  it.each([
    'events/a.ts:new Date(5)',
    'events/a.ts:Date.parse(x)',
    'projections/a.ts:{ Date: 1 }.Date',
    'src/ops/a.ts:Date.now()',
  ])('but not %s', (one) => {
    const [path = '', text = ''] = one.split(/:(.*)/s);
    expect(purityBreaches([parseSource(path, `const a = (${text});`)])).toEqual([]);
  });

  it('any, wherever it is written', () => {
    const said = ['let a: any;', 'f(a as any);', 'type A = Record<string, any>;'].map((text) =>
      parseSource('src/ops/a.ts', text),
    );
    expect(anyBreaches(said)).toHaveLength(3);
    expect(anyBreaches([parseSource('src/ops/a.ts', `const any = 'any'; // any`)])).toEqual([]);
  });

  it.each([
    'src/ops/utils/a.ts',
    'src/shared/a.ts',
    'test/helpers/a.ts',
    'src/ops/HealthCheck.ts',
    'src/ops/health_check.ts',
    'src/ops/health..ts',
  ])('the path %s', (path) => expect(layoutBreaches([path])).toHaveLength(1));
  it.each([
    'src/ops/health.controller.ts',
    'projections/table.ts',
    'test/lab/bird.bgp.lab-spec.ts',
    'events/corpus/ServerAdded.v1.json',
  ])('but not %s', (path) => expect(layoutBreaches([path])).toEqual([]));

  it('an entry at the top that nobody gave a reason', () => expect(topLevelBreaches(['notes', 'src'])).toHaveLength(1));
});
