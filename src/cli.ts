#!/usr/bin/env node
import type { CommandIo } from './cli/command.js';
import { keysOf } from './cli/keys.js';
import { runCli } from './cli/run-cli.js';
import { verbs } from './cli/verbs.js';

// A reader that went away (`portledger ... | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const io: CommandIo = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY,
  outIsTerminal: process.stdout.isTTY,
  env: process.env,
  stdin: process.stdin,
  ...(process.stdin.isTTY ? { keys: keysOf(process.stdin, process) } : {}),
};

process.exitCode = await runCli(verbs, process.argv.slice(2), io);
