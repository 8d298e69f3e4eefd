import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { printable, textTable } from '../../cli/text-table.js';
import type { PairsAnswer, PairView } from './pair-view.js';

/** `portledger pair MAC|IP|SERVER`. */
export const pairCommand: Command = {
  usage: ['portledger pair MAC|IP|SERVER   the IPv4 and the IPv6 address that go together, and their MAC'],
  notes: [
    'By an IPv6 address every server is found whose prefix it lies in, or that waits for that prefix.',
    'NOTE says what is withheld from the pair, and why. An address that is withheld is not replaced by another.',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    const [text, ...more] = positionals;
    if (text === undefined) throw new CliError(exitCode.usage, 'Whose pair? Name a MAC, an IP address or a server.');
    if (more.length > 0)
      throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much: ask about one at a time.`);
    const engine = EngineClient.from(options, io);
    const pairs: PairView[] = [];
    let answer: PairsAnswer;
    let cursor: string | undefined;
    do {
      answer = (await engine.get(`/v1/pairs?${await queryOf(text, cursor)}`)) as PairsAnswer;
      pairs.push(...answer.pairs);
      cursor = answer.next;
    } while (cursor !== undefined);
    const whole: PairsAnswer = { ...answer, pairs };
    io.out(options.flag('json') ? `${JSON.stringify(whole)}\n` : `${render(whole)}\n`);
    return pairs.length === 0 ? exitCode.notFound : exitCode.ok;
  },
};

/** No server id has the form of an IP address; one that looks like a MAC is asked about as a MAC. */
async function queryOf(text: string, cursor: string | undefined): Promise<string> {
  const { parseAnyMac, parseIp, parseServerId } = await import('../../../events/index.js');
  const [ip, mac, server] = [parseIp(text), parseAnyMac(text), parseServerId(text)];
  const page: Record<string, string> = cursor === undefined ? {} : { cursor };
  const query = (fields: Record<string, string>): string => new URLSearchParams({ ...fields, ...page }).toString();
  if (ip !== undefined) return query({ ip });
  if (mac !== undefined) return query({ mac });
  if (server !== undefined) return query({ server });
  throw new CliError(exitCode.usage, `"${text}" is no MAC, no IP address and no server id.`);
}

const header = ['MAC', 'SERVER', 'STATE', 'IPV4', 'IPV6', 'PREFIX', 'NOTE'];

function render({ pairs, pairing }: PairsAnswer): string {
  if (pairs.length === 0) return 'Nothing fits.';
  const rows = pairs.map(({ mac, serverId, state, ipv4, ipv6, prefix, withheld }) => [
    ...[mac ?? '', printable(serverId), state, ipv4 ?? '', ipv6 ?? '', prefix ?? ''],
    withheld.map(({ what, reason }) => printable(`${what}: ${reason}`)).join('; '),
  ]);
  return `Pairs by policy "${pairing}"\n\n${textTable([header, ...rows])}`;
}
