import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, normalize } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load-config.js';
import { filesUnder, parseSource } from '../architecture/source-file.js';
import { switchBirdBase } from '../lab/bird-base.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly pids_limit?: number;
  readonly user?: string;
}

const read = (name: string): string => readFileSync(join('docker', name), 'utf8');
const compose = parse(read('compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
/** Each instruction on one line. */
const instructions = (name: string): string[] =>
  read(name)
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));

describe('the set of containers', () => {
  it('is the engine, three nodes and BIRD', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['bird', 'engine', 'node1', 'node2', 'node3']);
  });

  it.each(services)('gives %s a read-only file system, limits, and no rights but those named', (name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.privileged).toBeUndefined();
    for (const limit of [service.mem_limit, service.cpus, service.pids_limit]) expect(limit).toBeDefined();
    const dockerfile = service.build?.dockerfile.replace('docker/', '');
    const isChecked = service.healthcheck !== undefined || /^HEALTHCHECK /m.test(read(dockerfile ?? ''));
    expect([name, isChecked]).toEqual([name, true]);
  });

  it('gives rights only to the two that change the network', () => {
    expect(services.filter(([, { cap_add }]) => cap_add !== undefined).map(([name]) => name)).toEqual([
      'engine',
      'bird',
    ]);
    expect(compose.services['engine']).toMatchObject({ cap_add: ['NET_ADMIN'], user: '10001:10001' });
  });

  it('publishes the engine on loopback and nothing else, and keeps the nodes on a network that leads nowhere', () => {
    expect(services.flatMap(([, { ports = [] }]) => ports)).toEqual(['127.0.0.1:8080:8080']);
    expect(compose.networks['store']).toEqual({ internal: true });
    for (const node of ['node1', 'node2', 'node3']) expect(compose.services[node]?.networks).toEqual(['store']);
    expect(compose.services['bird']?.network_mode).toBe('service:engine');
  });

  it('lets each node seek the two others, and the engine all three', () => {
    const nodes = ['node1', 'node2', 'node3'];
    for (const node of nodes) {
      const seeds = nodes.filter((one) => one !== node).map((one) => `${one}:2113`);
      expect(compose.services[node]?.environment).toMatchObject({
        KURRENTDB_GOSSIP_SEED: seeds.join(','),
        KURRENTDB_NODE_HOST_ADVERTISE_AS: node,
        KURRENTDB_CLUSTER_SIZE: '3',
      });
      expect(compose.services['engine']?.depends_on?.[node]).toEqual({ condition: 'service_healthy' });
      expect(read('portledger.json')).toContain(`${node}:2113`);
    }
  });

  it('mounts only volumes that are declared and files that are there', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((one) => one.split(':')[0] ?? ''));
    for (const source of sources) {
      const isThere = source.startsWith('.') ? existsSync(join('docker', source)) : source in compose.volumes;
      expect([source, isThere]).toEqual([source, true]);
    }
  });

  it('holds no secret', () => {
    const secret = /password|passwd|secret=|token=|changeit|BEGIN [A-Z ]*PRIVATE KEY/i;
    for (const name of ['compose.yml', 'Dockerfile', 'bird.Dockerfile', 'portledger.json', 'image.json', 'bird.conf'])
      expect(read(name)).not.toMatch(secret);
  });
});

describe('the configurations of the containers', () => {
  it.each(['portledger.json', 'image.json'])('%s is accepted by the engine', (name) => {
    const config = parseConfig(JSON.parse(read(name)), '/etc/portledger/portledger.json');
    expect([config.dataDir, config.tokensFile]).toEqual(['/data', '/data/tokens.json']);
  });

  it('names what is mounted into the engine', () => {
    const { gateways } = parseConfig(JSON.parse(read('portledger.json')), '/etc/portledger/portledger.json');
    const bgp = gateways[0]?.devices[0]?.bgp;
    expect(gateways[0]?.devices[0]?.mode).toBe('observe');
    const mounts = (compose.services['engine']?.volumes ?? []).map((one) => one.split(':')[1] ?? '');
    for (const path of [bgp?.socket, bgp?.confFile, bgp?.include4, bgp?.include6])
      expect(mounts.some((mount) => path === mount || path?.startsWith(`${mount}/`))).toBe(true);
  });

  it('have the documented base configuration of BIRD, but for where it logs to', () => {
    const include = (family: number): string => `/etc/bird/portledger/portledger${family}.conf`;
    const files = { log: 'x', include6: include(6), include4: include(4) };
    const base = switchBirdBase(files, { checkLink: true }).replace('log "x" all;', 'log stderr all;');
    expect(read('bird.conf')).toBe(base);
  });
});

describe('the image', () => {
  it.each(['Dockerfile', 'bird.Dockerfile'])('%s copies only what is there and is not ignored', (name) => {
    const allowed = read(`${name}.dockerignore`)
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = instructions(name)
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/ +/).slice(1, -1));
    for (const source of copied) expect([source, existsSync(source)]).toEqual([source, true]);
    expect([...new Set(copied)].sort()).toEqual([...allowed].sort());
    expect(read(`${name}.dockerignore`)).toMatch(/^\*$/m);
  });

  it('installs by the lock file, without packages of development where it runs, and runs as nobody special', () => {
    const lines = instructions('Dockerfile');
    expect(lines.filter((line) => /npm (install|i) /.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('npm ci'))).toHaveLength(2);
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last.filter((line) => line.includes('npm '))).toEqual([]);
    expect(last).toContain('COPY --from=packages /app/node_modules node_modules');
    expect(lines.find((line) => line.includes('--omit=dev'))).toContain('npm rebuild better-sqlite3');
    expect(last).toEqual(expect.arrayContaining(['USER 10001:10001', 'VOLUME /data']));
    expect(last.some((line) => line.startsWith('HEALTHCHECK ') && line.includes('/livez'))).toBe(true);
  });

  it('has every package that the built code imports', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const files = ['events', 'projections', 'src'].flatMap((folder) => filesUnder([join('dist', folder)]));
    const built = files.filter((file) => file.endsWith('.js'));
    expect(built.length).toBeGreaterThan(200);
    const imported = built.flatMap((file) =>
      parseSource(normalize(file), readFileSync(file, 'utf8')).imports.map(({ name }) => name),
    );
    const packages = imported
      .filter((name) => !/^[.<]|^node:/.test(name) && !builtinModules.includes(name))
      .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    expect(packages.length).toBeGreaterThan(20);
    expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([]);
  });
});
