import { spawnIp } from '../../transports/ip-process.js';
import { NetworkNamespace } from '../../transports/network-namespace.js';

/** Frames that an interface has carried since it was made. */
export interface FramesCarried {
  readonly in: number;
  readonly out: number;
}

/** Reads the kernel's own counters of an interface; undefined where they cannot be read. */
export async function framesCarried(place: {
  readonly netns?: string;
  readonly interface: string;
}): Promise<FramesCarried | undefined> {
  const inside = new NetworkNamespace(place.netns).arguments;
  const child = spawnIp([...inside, '-s', '-j', 'link', 'show', 'dev', place.interface]);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  child.stderr?.resume();
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  clearTimeout(patience);
  try {
    const [link] = JSON.parse(text) as { stats64?: { rx?: { packets?: unknown }; tx?: { packets?: unknown } } }[];
    const [rx, tx] = [link?.stats64?.rx?.packets, link?.stats64?.tx?.packets];
    return typeof rx === 'number' && typeof tx === 'number' ? { in: rx, out: tx } : undefined;
  } catch {
    return undefined;
  }
}
