import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchPath } from './lab-needs.js';

/**
 * An `ip` to put first in a search path: passes every line on to the real one until it is told to misbehave. What is
 * below it is the real kernel, so what a driver reads meanwhile is true.
 */
export class CrookedIp {
  /** The folder to put first in the search path. */
  readonly folder: string;
  /** The search path that finds it. */
  readonly path: string;

  constructor(private readonly directory: string) {
    this.folder = join(directory, 'crooked');
    this.path = `${this.folder}:${searchPath}`;
    mkdirSync(this.folder, { recursive: true });
    const program = join(this.folder, 'ip');
    writeFileSync(program, script(this.folder));
    chmodSync(program, 0o755);
  }

  /** From now on it takes lines and does nothing with them. */
  hang(): void {
    writeFileSync(join(this.folder, 'hang'), '');
  }

  /** From now on every change is taken and none is carried out. */
  lie(): void {
    writeFileSync(join(this.folder, 'lie'), '');
  }

  /** It passes on so many changes, ends, and does not start any more. */
  dieAfter(changes: number): void {
    writeFileSync(join(this.folder, 'die-after'), String(changes));
  }

  mend(): void {
    for (const fault of ['hang', 'lie', 'die-after', 'dead']) rmSync(join(this.folder, fault), { force: true });
  }

  /** Whether it died as it was told to. */
  isDead(): boolean {
    return existsSync(join(this.folder, 'dead'));
  }
}

const script = (folder: string): string => `#!/usr/bin/perl
use strict; use warnings; use IO::Handle;
my $folder = '${folder}';
$ENV{PATH} = '${searchPath}';
if (-e "$folder/dead") { print STDERR "the device is dead\\n"; exit 1 }
exec('ip', @ARGV) unless grep { $_ eq '-batch' } @ARGV;
open(my $real, '|-', 'ip', @ARGV) or die "no ip\\n";
$real->autoflush(1);
$SIG{CHLD} = sub { exit 1 }; # the real one ends when the kernel refuses a line, and so do we
my $changes = 0;
while (my $line = <STDIN>) {
  if (-e "$folder/hang") {
    # Over SSH nobody ends it who has given it up: it ends once it is mended, or its folder is gone.
    select(undef, undef, undef, 0.1) while -e "$folder/hang";
    exit 1;
  }
  if ($line =~ /^neigh (?:replace|del) /) {
    if (open(my $limit, '<', "$folder/die-after")) {
      if ($changes++ >= <$limit>) {
        $SIG{CHLD} = 'DEFAULT';
        close($real); # what was passed on is carried out
        open(my $dead, '>', "$folder/dead");
        print STDERR "the device died\\n";
        exit 1;
      }
    }
    $line = "#\\n" if -e "$folder/lie"; # lines are counted, so one stands for each
  }
  print $real $line;
}
$SIG{CHLD} = 'DEFAULT';
close($real);
`;
