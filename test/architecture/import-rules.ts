import { dirname, join, normalize } from 'node:path';
import type { Import, SourceFile } from './source-file.js';

/** A rule that was broken: by which file, and how. */
export interface Breach {
  readonly file: string;
  readonly rule: string;
}

/** What one room may import of ours, beside its own files. Patterns match whole paths. */
interface RoomLaw {
  readonly ours: readonly RegExp[];
  /** Packages; a room's own packages are free unless the table names them. */
  readonly packages?: (name: string, file: string) => boolean;
}

const eventsDoor = /^events\/index\.ts$/;
const projectionsDoor = /^projections\/index\.ts$/;
const eventStorePort = /^src\/event-store\/event-store\.port\.ts$/;
const driverPorts = /^src\/drivers\/.+\.port\.ts$/;
const transports = /^src\/transports\//;
const reactors = /^src\/reactors\//;
/** Open to every room but drivers and transports. `ops` is there for its words: problems over HTTP and their neighbours the entity tags, log lines, alerts, text in HTML. */
const everyRoom = [
  /^src\/config\//,
  /^src\/auth\//,
  /^src\/projector\/live-map\.ts$/,
  /^src\/ops\/(problem|log|alerts|entity-tag|escape-html)\.ts$/,
];
/** A verb of the command line stands in the room it belongs to; these are what verbs are made of. */
const verbs = /^src\/cli\/(command|engine-client|interrupt|log-place|look|moment|progress|text-table|whole-file)\.ts$/;

const isNest = (name: string): boolean => name.startsWith('@nestjs/');
const isNode = (name: string): boolean => name.startsWith('node:');
const free = (): boolean => true;
const outer = [eventsDoor, projectionsDoor, eventStorePort, transports, verbs];

/** Design section 7, row by row. */
const rooms: Readonly<Record<string, RoomLaw>> = {
  events: {
    ours: [],
    packages: (name, file) =>
      name === 'class-validator' ||
      (name.startsWith('class-validator/cjs/decorator/') && file === 'events/vocabulary/decorators.ts') ||
      name === 'node:net' ||
      (name === 'netmask' && file === 'events/vocabulary/prefix.ts'),
  },
  projections: { ours: [eventsDoor], packages: () => false },
  'event-store': { ours: [eventsDoor, ...everyRoom] },
  drivers: {
    ours: [eventsDoor, /^events\/vocabulary\//, transports],
    packages: (name) => !isNest(name) && name !== 'rxjs',
  },
  transports: { ours: [], packages: (name) => !isNest(name) && name !== 'rxjs' },
  reactors: {
    ours: [eventsDoor, projectionsDoor, driverPorts, eventStorePort, ...everyRoom],
    packages: (name, file) => !name.startsWith('rxjs') || /runner[a-z.-]*\.ts$/.test(file),
  },
  intake: { ours: [...outer, ...everyRoom] },
  links: { ours: [...outer, ...everyRoom] },
  sensor: { ours: [...outer, ...everyRoom] },
  feed: { ours: [...outer, ...everyRoom] },
  control: { ours: [...outer, ...everyRoom, reactors] },
  // What it keeps beside the log is of no use to other code than that which folded it.
  audit: { ours: [...outer, ...everyRoom, driverPorts, /^src\/projector\/built-version\.ts$/] },
  auth: { ours: [/^src\/(auth|ops|config)\//, /^src\/projector\/live-map\.ts$/] },
  ops: { ours: [/^src\/(auth|ops|config)\//, /^src\/projector\/live-map\.ts$/] },
  // Beyond the table: a configuration names ports and switches, and only the published language knows what those are.
  config: { ours: [/^src\/(auth|ops|config)\//, eventsDoor] },
  projector: { ours: [eventsDoor, projectionsDoor, eventStorePort, ...everyRoom] },
  // What a billing system installs: it speaks HTTP, and takes from the published language its words, never its code (see its own test).
  client: { ours: [eventsDoor], packages: isNode },
  // It runs in a browser and speaks HTTP with the engine.
  console: { ours: [], packages: (name) => /^preact(?:\/|$)/.test(name) },
};

/** Packages that only one room, or one file, may know. */
const owners: readonly { readonly name: RegExp; readonly files: RegExp; readonly mostFiles: number }[] = [
  { name: /^netmask$/, files: /^events\/vocabulary\/prefix\.ts$/, mostFiles: 1 },
  { name: /^@eventstore\/db-client$/, files: /^src\/event-store\//, mostFiles: 1 },
  { name: /^better-sqlite3$/, files: /^src\/event-store\//, mostFiles: 1 },
];

/** The room a file belongs to; `wiring` may import everything; undefined for a file that stands in no room. */
export function roomOf(path: string): string | undefined {
  const [top, second, third] = path.split('/');
  if (top === 'events' || top === 'projections') return top;
  if (top !== 'src' || second === undefined) return undefined;
  // `src/cli/` is `cli.ts` in several files: the list of verbs, which loads each from its room.
  if (third === undefined || second === 'cli') return 'wiring';
  return Object.hasOwn(rooms, second) ? second : undefined;
}

/** Every breach of the import table in these files. */
export function importBreaches(files: readonly SourceFile[]): Breach[] {
  return [
    ...files.flatMap(breachesOf),
    ...files.flatMap(implementationBreaches),
    ...ownerBreaches(files),
    ...commandLineBreaches(files),
  ];
}

function breachesOf(file: SourceFile): Breach[] {
  const room = roomOf(file.path);
  if (room === undefined) return [{ file: file.path, rule: 'stands in no room of the import table' }];
  const law = rooms[room];
  if (law === undefined) return [];
  return file.imports.flatMap((one) => {
    const rule = one.name.startsWith('.') ? oursBreach(file, room, law, one) : packageBreach(file, room, law, one);
    return rule === undefined ? [] : [{ file: file.path, rule }];
  });
}

/** The path of a file of ours that an import means. */
export function targetOf(from: string, name: string): string {
  return normalize(join(dirname(from), name)).replace(/\.js$/, '.ts');
}

function oursBreach(file: SourceFile, room: string, law: RoomLaw, { name }: Import): string | undefined {
  const target = targetOf(file.path, name);
  if (roomOf(target) === room) return undefined;
  const isCommand = file.path.endsWith('.command.ts');
  if (isCommand && verbs.test(target)) return undefined;
  if (!law.ours.some((pattern) => pattern.test(target))) return `${room} may not import ${target}`;
  const guarded = target.startsWith('src/auth/') && !['auth', 'ops', 'config'].includes(room);
  if (guarded && !/\.controller\.ts$/.test(file.path) && !isCommand) return `only controllers may import ${target}`;
  return undefined;
}

function packageBreach(file: SourceFile, room: string, law: RoomLaw, { name }: Import): string | undefined {
  const allowed = law.packages ?? free;
  if (allowed(name, file.path)) return undefined;
  return `${room} may not import ${isNode(name) ? 'the built-in module' : 'the package'} ${name}`;
}

const storeImplementation = /^src\/event-store\/(embedded|eventstoredb)\//;

/** One store knows nothing of the other, and what both are made of knows neither. */
function implementationBreaches({ path, imports }: SourceFile): Breach[] {
  const own = storeImplementation.exec(path)?.[1];
  if (!/^src\/event-store\/[^/]+$/.test(path) && own === undefined) return [];
  return imports
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name }) => targetOf(path, name))
    .filter((target) => storeImplementation.test(target) && storeImplementation.exec(target)?.[1] !== own)
    .map((target) => ({ file: path, rule: `${own ?? 'what the stores share'} may not import ${target}` }));
}

function ownerBreaches(files: readonly SourceFile[]): Breach[] {
  return owners.flatMap(({ name, files: where, mostFiles }) => {
    const users = files.filter((file) => file.imports.some((one) => name.test(one.name))).map((file) => file.path);
    const strangers = users.filter((file) => !where.test(file));
    const tooMany = users.length > mostFiles ? users.slice(mostFiles) : [];
    return [...new Set([...strangers, ...tooMany])].map((file) => ({
      file,
      rule: `${name.source} may be imported in ${mostFiles} file under ${where.source} only`,
    }));
  });
}

/** The command line loads Nest and the databases only for the verbs that need them: by `import()`, not at its start. */
function commandLineBreaches(files: readonly SourceFile[]): Breach[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const open = ['src/cli.ts'];
  const breaches: Breach[] = [];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = byPath.get(path);
    if (file === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const { name, kind } of file.imports) {
      if (kind !== 'static') continue;
      if (name.startsWith('.')) open.push(targetOf(path, name));
      else if (isNest(name) || name === 'better-sqlite3' || name.startsWith('@eventstore/'))
        breaches.push({ file: path, rule: `cli.ts would load ${name} for every verb: load it by import()` });
    }
  }
  return breaches;
}
