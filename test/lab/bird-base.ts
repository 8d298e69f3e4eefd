/** Where the files of one lab's BIRD on the switch are. */
export interface SwitchBirdFiles {
  readonly log: string;
  readonly include6: string;
  readonly include4: string;
}

/**
 * The base configuration that a gateway needs once; portledger owns the two include files and nothing else.
 * `check link yes` withdraws a route with the carrier, even when the engine is dead; each include stands on its own line.
 * The gateway of the first uplink is 10.255.1.1 and 2001:db8:ff:1::1, that of the second 10.255.2.1, and so on.
 */
export function switchBirdBase(
  files: SwitchBirdFiles,
  { checkLink: isChecked, uplink = 1 }: { readonly checkLink: boolean; readonly uplink?: number },
): string {
  const checkLink = isChecked ? 'check link yes;' : '';
  return `log "${files.log}" all;
router id 10.255.${uplink}.1;
protocol device { scan time 10; }
protocol kernel kernel6 { ipv6 { import none; export all; }; }
protocol kernel kernel4 { ipv4 { import none; export all; }; }
protocol static billing6 {
  ipv6; ${checkLink}
  include "${files.include6}";
}
protocol static billing4 {
  ipv4; ${checkLink}
  include "${files.include4}";
}
filter to_upstream {
  if proto !~ "billing*" then reject;
  if defined(bgp_med) then bgp_med = bgp_med;
  accept;
}
template bgp upstream {
  local as 64512;
  hold time 30; connect delay time 0; connect retry time 1; error wait time 1, 5;
}
protocol bgp upstream6 from upstream {
  neighbor 2001:db8:ff:${uplink}::2 as 64513;
  ipv6 { import none; export filter to_upstream; next hop self; };
}
protocol bgp upstream4 from upstream {
  neighbor 10.255.${uplink}.2 as 64513;
  ipv4 { import none; export filter to_upstream; next hop self; };
}
`;
}

/** The provider's side: takes everything of the gateways at its uplinks, so that its table shows what the world would see. */
export function upstreamBirdBase(log: string, uplinks: readonly number[] = [1]): string {
  return `log "${log}" all;
router id 10.255.1.2;
protocol device { scan time 10; }
protocol kernel kernel6 { ipv6 { import none; export where source = RTS_BGP; }; }
protocol kernel kernel4 { ipv4 { import none; export where source = RTS_BGP; }; }
template bgp customer {
  local as 64513;
  hold time 30; connect delay time 0; connect retry time 1; error wait time 1, 5;
}
${uplinks.map(customerAt).join('')}`;
}

/** The sessions with the gateway at an uplink; those of the first have no number in their names. */
function customerAt(uplink: number): string {
  const name = uplink === 1 ? '' : `_${uplink}`;
  return `protocol bgp customer6${name} from customer {
  neighbor 2001:db8:ff:${uplink}::1 as 64512;
  ipv6 { import all; export none; };
}
protocol bgp customer4${name} from customer {
  neighbor 10.255.${uplink}.1 as 64512;
  ipv4 { import all; export none; };
}
`;
}
