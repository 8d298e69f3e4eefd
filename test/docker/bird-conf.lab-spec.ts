import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeLab } from '../lab/describe-lab.js';
import { tempDirectory } from '../support/temp-directory.js';

describeLab('the BIRD configuration of the containers', () => {
  const directory = tempDirectory();

  it('is accepted by BIRD', () => {
    for (const family of [4, 6]) writeFileSync(join(directory, `portledger${family}.conf`), '');
    const conf = join(directory, 'bird.conf');
    writeFileSync(conf, readFileSync('docker/bird.conf', 'utf8').replaceAll('/etc/bird/portledger/', `${directory}/`));
    const { status, stderr } = spawnSync('bird', ['-p', '-c', conf], { encoding: 'utf8', timeout: 60_000 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
