import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';

describe('the control socket', () => {
  let folder: string;
  let server: Server;
  let control: BirdControl;
  let answer: (socket: Socket, command: string) => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bird-control-'));
    server = createServer((socket) => {
      socket.write('0001 BIRD 2.0.12 ready.\n');
      socket.on('data', (text: Buffer) => answer(socket, text.toString().trim()));
    }).listen(join(folder, 'bird.ctl'));
    await once(server, 'listening');
    control = new BirdControl('leaf1', join(folder, 'bird.ctl'), 300);
  });
  afterEach(async () => {
    await control.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('ends a reply at the code with a space, however the bytes arrive, and never at a code in between', async () => {
    answer = (socket) => {
      const bytes = [...'0003-Daemon is up and running\n \tvia fe80::1 on vlan16\n1008-\tType: static\n0000 \n'];
      const send = (): void => {
        const next = bytes.shift();
        if (next === undefined) return;
        socket.write(next);
        setImmediate(send);
      };
      send();
    };
    expect(await control.command('configure status')).toEqual({
      code: '0000',
      lines: [
        { code: '0003', text: 'Daemon is up and running' },
        { code: '0003', text: '\tvia fe80::1 on vlan16' },
        { code: '1008', text: '\tType: static' },
        { code: '0000', text: '' },
      ],
    });
  });

  it('leaves out what the daemon says unasked in the middle of an answer', async () => {
    answer = (socket) => socket.write('1000-BIRD 3.1.2\n+Config timeout expired, starting undo\n0013 fine\n');
    const { lines } = await control.command('show status');
    expect(lines.map(({ text }) => text)).toEqual(['BIRD 3.1.2', 'fine']);
  });

  it('asks one thing at a time', async () => {
    const asked: string[] = [];
    answer = (socket, command) => {
      asked.push(command);
      setTimeout(() => socket.write(`0013 ${command}\n`), 5);
    };
    const replies = await Promise.all(['a', 'b', 'c'].map((text) => control.command(text)));
    expect(replies.map(({ lines }) => lines[0]?.text)).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('gives up on a daemon that does not answer, and connects anew for the next command', async () => {
    answer = () => undefined;
    await expect(control.command('show status')).rejects.toMatchObject({ code: 'timeout' });
    answer = (socket) => socket.write('0013 fine\n');
    expect((await control.command('show status')).code).toBe('0013');
  });

  it('tells that the daemon hung up in the middle of a reply', async () => {
    answer = (socket) => socket.end('0003-half an');
    await expect(control.command('configure')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('names a socket that is not there, with the cure', async () => {
    const nowhere = new BirdControl('leaf1', join(folder, 'none.ctl'), 300);
    await expect(nowhere.command('show status')).rejects.toThrow(/none\.ctl \(ENOENT\); start it/);
    await nowhere.close();
  });
});
