import { parseIpv6Prefix, parseServerId } from '../../../events/index.js';
import { CliError, exitCode } from '../../cli/command.js';

/** A line of a list of renumberings. */
export interface ListedRenumbering {
  readonly serverId: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Lines SERVER,FROM,TO; empty ones and those that begin with # are passed. Throws a usage error that names the line: all of
 * it is read before anything is started.
 */
export function readRenumberList(text: string): ListedRenumbering[] {
  const found: ListedRenumbering[] = [];
  const news = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [server, old, next, ...more] = line.split(',').map((one) => one.trim());
    const [serverId, from, to] = [parseServerId(server), parseIpv6Prefix(old), parseIpv6Prefix(next)];
    if (serverId === undefined || from === undefined || to === undefined || more.length > 0)
      throw wrong(index, `found ${line.slice(0, 100)}, expected SERVER,FROM,TO`);
    const before = news.get(to);
    if (before !== undefined) throw wrong(index, `${to} is given away on line ${before + 1} already`);
    news.set(to, index);
    found.push({ serverId, from, to });
  }
  return found;
}

function wrong(index: number, what: string): CliError {
  return new CliError(exitCode.usage, `--list, line ${index + 1}: ${what}. Nothing was started.`);
}
