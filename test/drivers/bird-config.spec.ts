import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBirdConfiguration, type StaticProtocol } from '../../src/drivers/bgp/bird-config.js';

describe('the configuration of BIRD', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bird-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = async (
    text: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ReadonlyMap<string, StaticProtocol>> => {
    for (const [name, content] of Object.entries({ 'bird.conf': text, ...more }))
      writeFileSync(join(folder, name), content);
    return (await readBirdConfiguration(join(folder, 'bird.conf'), [join(folder, 'ours.conf')])).statics;
  };
  const checksLink = async (text: string, more: Readonly<Record<string, string>> = {}): Promise<boolean | undefined> =>
    (await read(text, more)).get('billing6')?.checkLink;

  it.each([
    'check link yes;',
    'check link;',
    'check link on;',
    'CHECK: check   link\n  yes ;',
    'check link no; check link yes;',
  ])('checks the link by "%s"', async (option) => {
    expect(await checksLink(`protocol static billing6 {\n ipv6; ${option.replace('CHECK: ', '')}\n}`)).toBe(true);
  });

  it.each([
    ['says nothing', ''],
    ['says no', 'check link no;'],
    ['says it in a comment', '# check link yes;'],
    ['says it in a block comment', '/* check link yes; */'],
    ['says it in a string', 'description "check link yes;";'],
    ['takes it back', 'check link yes; check link no;'],
    ['says it in an inner block', 'ipv6 { import filter { check link yes; }; };'],
  ])('does not check the link when it %s', async (_what, option) => {
    expect(await checksLink(`protocol static billing6 {\n ${option}\n}`)).toBe(false);
  });

  it('is read block by block: what another protocol says does not count', async () => {
    const statics = await read(
      'protocol static billing4 { ipv4; check link yes; }\nprotocol static billing6 { ipv6; }\n',
    );
    expect([statics.get('billing4')?.checkLink, statics.get('billing6')?.checkLink]).toEqual([true, false]);
  });

  it('is followed into included files, patterns and templates', async () => {
    const main = 'router id 10.0.0.1;\ninclude "*.inc";\ninclude "statics.conf";\n';
    const template = 'template static ours { check link yes; }\n';
    const statics = 'protocol static billing6 from ours {\n ipv6;\n include "ours.conf";\n}\n';
    const found = (await read(main, { 'a.inc': template, 'statics.conf': statics })).get('billing6');
    expect(found).toEqual({
      name: 'billing6',
      checkLink: true,
      includes: [join(folder, 'ours.conf')],
      foreign: new Set(),
    });
  });

  it('counts our file as included only inside the block', async () => {
    const found = await read('include "ours.conf";\nprotocol static billing6 { check link yes; }\n');
    expect(found.get('billing6')?.includes).toEqual([]);
  });

  it('is given up when its files include each other in a circle', async () => {
    await expect(read('include "bird.conf";')).rejects.toThrow(/circle/);
  });

  it('is an error when an included file is missing', async () => {
    await expect(read('include "gone.conf";')).rejects.toThrow(/gone\.conf/);
  });
});
