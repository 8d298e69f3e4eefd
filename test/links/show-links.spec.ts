import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linksOfEos, linksOfIos } from '../../src/links/show-links.js';

const realdata = join(process.cwd(), '../shared/realdata/cli');
const withRealdata = existsSync(realdata) ? it : it.skip;
const real = (name: string): string => readFileSync(join(realdata, name), 'utf8');
/** NAPALM's own reading of the same output. */
function expected(name: string): [string, boolean, boolean][] {
  const all = JSON.parse(real(name)) as Record<string, { is_up: boolean; is_enabled: boolean }>;
  return Object.entries(all).map(([port, { is_up, is_enabled }]) => [port, is_enabled, is_up]);
}
const shown = (links: ReturnType<typeof linksOfIos>): [string, boolean, boolean][] =>
  [...links].map(([name, { adminUp, carrier }]) => [name, adminUp, carrier]);

describe('link state that a device shows', () => {
  withRealdata.each(['alternate', 'pseudowire'])(
    'is read out of `show interfaces` of IOS as others read it (%s, ../shared/realdata/cli)',
    (name) => {
      const folder = `napalm__test__ios__mocked_data__test_get_interfaces__${name}__`;
      const links = shown(linksOfIos(real(`${folder}show_interfaces.txt`)));
      expect(new Map(links.map((one) => [one[0], one]))).toEqual(
        new Map(expected(`${folder}expected_result.json`).map((one) => [one[0], one])),
      );
    },
  );

  withRealdata('is read out of `show interfaces` of EOS as others read it (../shared/realdata/cli)', () => {
    const folder = 'napalm__test__eos__mocked_data__test_get_interfaces__normal__';
    const links = shown(linksOfEos(JSON.parse(real(`${folder}show_interfaces.json`))));
    expect(new Set(links.map(String))).toEqual(new Set(expected(`${folder}expected_result.json`).map(String)));
  });

  it('is down when either the hardware or the line protocol is', () => {
    const text = [
      'GigabitEthernet0/0 is administratively down, line protocol is down (disabled)',
      '  Description: GigabitEthernet0/9 is up, line protocol is up',
      'GigabitEthernet0/1 is up, line protocol is down (notconnect)',
      'GigabitEthernet0/2 is down, line protocol is down (err-disabled)',
      'GigabitEthernet0/3 is up, line protocol is up (connected)',
    ].join('\r\n');
    expect(shown(linksOfIos(text))).toEqual([
      ['GigabitEthernet0/0', false, false],
      ['GigabitEthernet0/1', true, false],
      ['GigabitEthernet0/2', true, false],
      ['GigabitEthernet0/3', true, true],
    ]);
  });

  it('is not made up of an answer to something else', () => {
    for (const text of ['', "% Invalid input detected at '^' marker.", 'leaf1#', 'Ethernet1'])
      expect(() => linksOfIos(text)).toThrow('without any interface');
    for (const answer of [undefined, null, {}, { interfaces: {} }, { interfaces: { Ethernet1: {} } }, 'up'])
      expect(() => linksOfEos(answer)).toThrow('without any interface');
  });
});
