import { readRenumberList } from '../../../src/control/renumber/renumber-list.js';

describe('a list of renumberings', () => {
  it('is lines of server, old and new prefix, with room for comments', () => {
    const text =
      '# all of hall 1\r\nsrv-16,2001:db8:16::/64,2001:DB8:1016::/48\r\n\n srv-17 , 2001:db8:17::/64,2001:db8:1017::/48';
    expect(readRenumberList(text)).toEqual([
      { serverId: 'srv-16', from: '2001:db8:16::/64', to: '2001:db8:1016::/48' },
      { serverId: 'srv-17', from: '2001:db8:17::/64', to: '2001:db8:1017::/48' },
    ]);
  });

  it.each([
    ['a new prefix that is missing', 'srv-16,2001:db8:16::/64,'],
    ['host bits', 'srv-16,2001:db8:16::1/64,2001:db8:1016::/48'],
    ['a fourth column', 'srv-16,2001:db8:16::/64,2001:db8:1016::/48,x'],
    ['a new prefix given away twice', 'a,2001:db8:16::/64,2001:db8:1::/48\nb,2001:db8:17::/64,2001:db8:1::/48'],
  ])('is refused for %s, with its line, before anything is started', (_what, text) => {
    expect(() => readRenumberList(`\n${text}`)).toThrow(/line [23]: .*Nothing was started/);
  });
});
