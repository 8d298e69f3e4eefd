import type { Ipv4Address } from '../../../events/index.js';
import type { BootLoader } from '../../../src/drivers/dhcp/dhcp.port.js';
import { bootClasses4, bootClasses6 } from '../../../src/drivers/dhcp/kea-boot.js';

const uefi: BootLoader = {
  architectures: [7, 9],
  ipxe: false,
  tftp: { server: '192.0.2.9' as Ipv4Address, file: 'ipxe.efi' },
  url6: 'tftp://[2001:db8::9]/ipxe.efi',
};
const http: BootLoader = {
  architectures: [16],
  ipxe: false,
  url4: 'http://192.0.2.9/ipxe.efi',
  url6: 'http://[2001:db8::9]/ipxe.efi',
};
const script: BootLoader = { architectures: [7], ipxe: true, url4: 'http://192.0.2.9/boot.ipxe' };

describe('what machines are started with', () => {
  it('is told apart by processor architecture and by iPXE', () => {
    expect(bootClasses4([uefi])).toEqual([
      {
        name: 'portledger.boot.0.tftp',
        test: "(option[93].hex == 0x0007 or option[93].hex == 0x0009) and not (option[77].hex == 'iPXE')",
        'next-server': '192.0.2.9',
        'boot-file-name': 'ipxe.efi',
        'option-data': [],
      },
    ]);
    expect(bootClasses4([script])[0]?.test).toBe("(option[93].hex == 0x0007) and (option[77].hex == 'iPXE')");
    expect(bootClasses6([uefi])[0]?.test).toBe(
      "(option[61].hex == 0x0007 or option[61].hex == 0x0009) and not (substring(option[15].hex,2,4) == 'iPXE')",
    );
  });

  it('answers UEFI HTTP boot as an HTTPClient, and only who says that it is one', () => {
    const [only] = bootClasses4([http]);
    expect(only?.test).toContain("substring(option[60].hex,0,10) == 'HTTPClient'");
    expect(only).toMatchObject({
      'boot-file-name': 'http://192.0.2.9/ipxe.efi',
      'option-data': [{ name: 'vendor-class-identifier', data: 'HTTPClient' }],
    });
    expect(bootClasses4([script])[0]?.['option-data']).toEqual([]);
  });

  it('is for machines that name no architecture where none is named', () => {
    expect(bootClasses6([{ ...http, architectures: [] }])[0]?.test).toMatch(/^not \(option\[61\]\.exists\)/);
  });

  it.each([
    { url4: "http://x/'or'1" },
    { url4: 'http://x/a,b' },
    { url4: 'http://x/a\\b' },
    { url4: 'file:///etc/passwd' },
    { architectures: [70_000] },
  ])('is never %j', (bad) => expect(() => bootClasses4([{ ...http, ...bad }])).toThrow(TypeError));
});
