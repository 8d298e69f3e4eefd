import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../../cli/engine-client.js';

const patienceMs = 60_000;

/** `portledger violations evidence ID -o FILE`: the frames that show a violation. */
export const evidenceCommand: Command = {
  usage: ['portledger violations evidence ID -o FILE.pcap [--json]   the first frames of a violation, at most ten'],
  notes: [
    'FILE is classic pcap with nanoseconds: tcpdump, Wireshark and portledger sensor decode read it. - writes to standard output.',
    'The engine compares the file with the SHA-256 in its log before it sends it, and this verb with what the engine says.',
  ],
  exitCodes: ['notFound', 'verificationFailed', 'unreachable'],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'where the frames go; a file that is there is replaced',
    },
    ...engineOptions,
  },
  run: async ({ options, positionals, io }) => {
    const [id, ...more] = positionals;
    const output = options.text('output');
    if (id === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'violations evidence: expected the id of one violation.');
    if (output === undefined) throw new CliError(exitCode.usage, '--output: name the file that the frames go to.');
    const { file, said } = await fetchEvidence(EngineClient.from(options, io), id);
    const sha256 = createHash('sha256').update(file).digest();
    if (said !== `sha-256=:${sha256.toString('base64')}:`)
      throw new CliError(
        exitCode.verificationFailed,
        `The frames of ${id} came damaged; nothing was written. Ask again.`,
      );
    if (output === '-') process.stdout.write(file);
    else write(output, file);
    const answer = { violationId: id, file: output, bytes: file.length, sha256: sha256.toString('hex') };
    const told = options.flag('json')
      ? JSON.stringify(answer)
      : `${output}: ${file.length} bytes, sha256 ${answer.sha256}`;
    if (output === '-') io.err(`${told}\n`);
    else io.out(`${told}\n`);
    return exitCode.ok;
  },
};

async function fetchEvidence(engine: EngineClient, id: string): Promise<{ file: Buffer; said: string | null }> {
  const path = `/v1/violations/${encodeURIComponent(id)}/evidence`;
  const response = await engine.open(path, {}, AbortSignal.timeout(patienceMs));
  if (response.status === 200)
    return { file: Buffer.from(await response.arrayBuffer()), said: response.headers.get('repr-digest') };
  const body: unknown = await response.json().catch(() => undefined);
  throw problemOf({ status: response.status, headers: response.headers, body });
}

function write(path: string, file: Buffer): void {
  try {
    writeFileSync(path, file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(exitCode.error, `${path} cannot be written (${why}). Name another with --output.`);
  }
}
