import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { KeaControl } from '../../../src/drivers/dhcp/kea-control.js';
import { tempDirectory } from '../../support/temp-directory.js';

describe('the control socket of Kea', () => {
  const directory = tempDirectory();
  const path = join(directory, 'control.sock');
  let server: Server | undefined;
  let open: Socket[] = [];
  let asked: string[] = [];

  /** Something at the other end that answers as it is told; `undefined` never answers. */
  const answering = async (answer: (command: string) => string | undefined): Promise<KeaControl> => {
    server = createServer((socket) => {
      open.push(socket);
      socket.once('data', (chunk: Buffer) => {
        asked.push(chunk.toString());
        const said = answer(chunk.toString());
        if (said !== undefined) socket.end(said);
      });
    });
    await new Promise<void>((resolve) => server?.listen(path, resolve));
    return new KeaControl('leaf1', 'kea-dhcp4', path, 300);
  };
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    [open, asked] = [[], []];
    await new Promise<unknown>((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  });

  it('carries one command a connection, one after the other', async () => {
    const control = await answering((command) => JSON.stringify({ result: 0, text: 'ok', arguments: command }));
    const replies = await Promise.all([control.command('a'), control.command('b', { x: 1 })]);
    expect(replies.map((reply) => reply.arguments)).toEqual(['{"command":"a"}', '{"command":"b","arguments":{"x":1}}']);
    expect(open).toHaveLength(2);
  });

  it('takes an answer that comes in many pieces', async () => {
    const text = 'x'.repeat(3_000_000);
    const control = await answering(() => JSON.stringify({ result: 0, text }));
    expect((await control.command('config-get')).text).toBe(text);
  });

  it('says what Kea refused, and the cure', async () => {
    const control = await answering(() => JSON.stringify({ result: 1, text: 'subnet already exists' }));
    await expect(control.done('config-set', {}, 'Correct it')).rejects.toMatchObject({
      code: 'refused',
      message: 'leaf1: kea-dhcp4 refused config-set: subnet already exists. Correct it',
    });
  });

  it.each<[string, () => string | undefined, string]>([
    ['never answers', () => undefined, 'timeout'],
    ['hangs up', () => '', 'unreachable'],
    ['is not Kea', () => 'HTTP/1.1 400 Bad Request', 'misconfigured'],
    ['says no result', () => '{"ok":true}', 'misconfigured'],
  ])('names the daemon that %s', async (_what, answer, code) => {
    const control = await answering(answer);
    await expect(control.command('status-get')).rejects.toMatchObject({ name: 'DeviceError', code });
  });

  it('names a daemon that is not running, and works again once it is', async () => {
    const control = new KeaControl('leaf1', 'kea-dhcp4', path, 300);
    await expect(control.command('status-get')).rejects.toMatchObject({ code: 'unreachable' });
    await answering(() => '{"result":0}');
    expect(await control.command('status-get')).toMatchObject({ result: 0 });
    await control.close();
    await expect(control.command('status-get')).rejects.toMatchObject({ code: 'unreachable' });
  });
});
