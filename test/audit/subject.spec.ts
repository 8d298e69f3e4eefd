import { spellMarked, subjectsOf } from '../../src/audit/subject.js';

const meanings = (text: string): string[] => {
  const read = subjectsOf(text);
  return 'problem' in read ? [read.problem] : read.value.map(spellMarked);
};

describe('the subject of a question', () => {
  it.each([
    ['198.51.100.16/32', ['ip:198.51.100.16']],
    ['2001:DB8:16:0:0:0:0:1', ['ip:2001:db8:16::1', 'port:2001:DB8:16:0:0:0:0:1', 'server:2001:DB8:16:0:0:0:0:1']],
    ['2001:db8:16::/48', ['prefix:2001:db8:16::/48', 'port:2001:db8:16::/48']],
    ['5254.0000.0016', ['mac:52:54:00:00:00:16', 'server:5254.0000.0016']],
    ['52-54-00-00-00-16', ['mac:52:54:00:00:00:16', 'server:52-54-00-00-00-16']],
    ['leaf1:Ethernet16', ['port:leaf1:Ethernet16', 'server:leaf1:Ethernet16']],
    ['leaf1:Ethernet1/1', ['port:leaf1:Ethernet1/1']],
    ['server:leaf1:Ethernet16', ['server:leaf1:Ethernet16']],
    ['port:server:Ethernet1', ['port:server:Ethernet1']],
  ])('%s may mean %j', (text, expected) => {
    expect(meanings(text)).toEqual(expected);
  });

  it('leaves out of who-had what cannot be held, and names the question to ask instead', () => {
    expect(subjectsOf('srv-17', ['ip', 'prefix', 'mac', 'port'])).toEqual({
      problem: expect.stringMatching(/explain server:srv-17$/) as string,
    });
  });

  it.each([
    ['198.51.100.0/24', 'name one address'],
    ['2001:db8:16::1/48', 'without host bits'],
    ['', 'write for example'],
    ['mac:52:54', 'names no mac'],
  ])('refuses "%s" with a cure', (text, cure) => {
    const read = subjectsOf(text);
    expect(read).toEqual({ problem: expect.stringContaining(cure) as string });
  });
});
