import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyslogAlert } from '../../src/drivers/alert/syslog.alert.js';
import { messageOf } from '../drivers/alert/sample-alerts.js';
import { until } from '../reactors/reactor-bench.js';
import { describeLab } from './describe-lab.js';
import { searchPath, whyMissing } from './lab-needs.js';

/** What Debian's collector made of a message: each property as it parsed it. */
interface Parsed {
  readonly pri: string;
  readonly app: string;
  readonly msgid: string;
  readonly time: string;
  readonly protocol: string;
  readonly msg: string;
}

const properties = `
  constant(value="{\\"pri\\":\\"") property(name="pri") constant(value="\\",\\"app\\":\\"") property(name="app-name" format="json")
  constant(value="\\",\\"msgid\\":\\"") property(name="msgid" format="json") constant(value="\\",\\"time\\":\\"")
  property(name="timereported" dateFormat="rfc3339") constant(value="\\",\\"protocol\\":\\"") property(name="protocol-version")
  constant(value="\\",\\"msg\\":\\"") property(name="msg" format="json") constant(value="\\"}\\n")`;

/** A port of loopback that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describeLab(
  "Debian's rsyslog",
  () => {
    let directory: string;
    let collector: ChildProcess;
    let port: number;
    const file = (): string => join(directory, 'messages.ndjson');

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'portledger-rsyslog-'));
      port = await freePort();
      const where = `port="${port}" address="127.0.0.1"`;
      const configuration = [
        `global(workDirectory="${directory}")`,
        'module(load="imtcp")\nmodule(load="imudp")',
        `input(type="imtcp" ${where})\ninput(type="imudp" ${where})`,
        `template(name="parsed" type="list") {${properties}\n}`,
        `action(type="omfile" file="${file()}" template="parsed")`,
      ].join('\n');
      writeFileSync(join(directory, 'rsyslog.conf'), `${configuration}\n`);
      const words = ['-n', '-f', join(directory, 'rsyslog.conf'), '-i', join(directory, 'pid')];
      collector = spawn('rsyslogd', words, { stdio: 'ignore', env: { PATH: searchPath } });
      await until(() => listens(port), 20_000);
    });
    afterAll(async () => {
      if (collector.exitCode === null && collector.signalCode === null) {
        collector.kill('SIGKILL');
        await once(collector, 'exit');
      }
      rmSync(directory, { recursive: true, force: true });
    });

    const told = (): Parsed[] =>
      existsSync(file())
        ? readFileSync(file(), 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Parsed)
        : [];

    it.each(['tcp', 'udp'] as const)('reads an alert that comes by %s, header and text', async (protocol) => {
      const before = told().length;
      const alert = new SyslogAlert({
        server: { host: '127.0.0.1', port, protocol },
        format: 'ecs',
        now: () => Date.UTC(2026, 10, 2, 3, 14, 5),
      });
      expect(await alert.deliver(messageOf())).toEqual({ outcome: 'delivered' });
      await until(() => told().length > before, 20_000);
      const [parsed] = told().slice(before);
      expect(parsed).toMatchObject({ pri: '35', app: 'portledger', msgid: 'violation.new', protocol: '1' });
      expect(parsed?.time).toMatch(/^2026-11-02T03:14:05/);
      expect(JSON.parse(parsed?.msg ?? '')).toMatchObject({
        event: { kind: 'alert', id: messageOf().id },
        source: { mac: '52-54-00-00-00-66' },
        message: messageOf().items[0].text,
      });
    });
  },
  () => whyMissing({ rsyslogd: 'rsyslog' }),
);

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
