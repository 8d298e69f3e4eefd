import { DeviceError } from '../switch/switch.port.js';
import { type BirdConfiguration, type KnownFiles, readBirdConfiguration } from './bird-config.js';

/**
 * Proves from BIRD's configuration file that each static protocol includes our file, and tells which check the link.
 * Rejects with `misconfigured` and the line to add; BIRD itself warns of neither.
 */
export async function proveBirdConfiguration(
  device: string,
  path: string,
  protocols: readonly { readonly protocol: string; readonly file: string }[],
  known?: KnownFiles,
): Promise<BirdConfiguration> {
  const refuse = (message: string, options?: ErrorOptions): DeviceError =>
    new DeviceError(device, 'misconfigured', message, options);
  const own = protocols.map(({ file }) => file);
  const configuration = await readBirdConfiguration(path, own, known).catch((cause: Error) => {
    const message = `BIRD's configuration ${path} cannot be read (${cause.message}), so "check link yes" cannot be proven`;
    throw refuse(`${message}; name the file with confFile and let us read it`, { cause });
  });
  for (const { protocol, file } of protocols) {
    const found = configuration.statics.get(protocol);
    if (found === undefined) {
      throw refuse(
        `${path} has no "protocol static ${protocol}"; add one with "check link yes;" and include "${file}"; on lines of their own`,
      );
    }
    if (!found.includes.includes(file))
      throw refuse(lacks(path, protocol, `include "${file}";`, 'so our routes would never be read'));
  }
  return configuration;
}

/** What a static protocol lacks, what that leads to, and the cure. */
export function lacks(path: string, protocol: string, line: string, so: string): string {
  return `${path}: protocol static ${protocol} lacks the line  ${line}  ${so}; add it on a line of its own and run "birdc configure"`;
}
