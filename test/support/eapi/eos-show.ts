import type { BoxInterface, EosBox } from './eos-box.js';

type Json = Readonly<Record<string, unknown>>;

const statusOf = (port: BoxInterface): string =>
  !port.adminUp ? 'disabled' : port.plugged ? 'connected' : 'notconnect';
const protocolOf = (port: BoxInterface): string => (port.adminUp && port.plugged ? 'up' : 'down');
const isLinkLocal = (address: string): boolean => address.startsWith('fe80:');

function interfaceAddressOf({ ipv4 }: BoxInterface): Json {
  const [primary, ...others] = ipv4.map((text) => {
    const [address, length] = text.split('/');
    return { address, maskLen: Number(length) };
  });
  return {
    secondaryIpsOrderedList: others,
    broadcastAddress: '255.255.255.255',
    secondaryIps: Object.fromEntries(others.map((one) => [one.address, one])),
    primaryIp: primary ?? { maskLen: 0, address: '0.0.0.0' },
    virtualIp: { maskLen: 0, address: '0.0.0.0' },
  };
}

export function showInterfaces(box: EosBox): Json {
  const rows = [...box.interfaces].map(([name, port]): [string, Json] => [
    name,
    {
      lastStatusChangeTimestamp: 1466586841.4284112,
      name,
      interfaceStatus: statusOf(port),
      burnedInAddress: '08:00:27:20:b9:04',
      mtu: 1500,
      hardware: name.startsWith('Vlan') ? 'vlan' : 'ethernet',
      bandwidth: 1000000000,
      forwardingModel: 'routed',
      lineProtocolStatus: protocolOf(port),
      interfaceAddress: port.ipv4.length === 0 ? [] : [interfaceAddressOf(port)],
      physicalAddress: '08:00:27:20:b9:04',
      description: '',
    },
  ]);
  return { interfaces: Object.fromEntries(rows) };
}

export function showIpInterface(box: EosBox): Json {
  const rows = [...box.interfaces]
    .filter(([, port]) => port.ipv4.length > 0)
    .map(([name, port]): [string, Json] => [
      name,
      {
        interfaceAddress: interfaceAddressOf(port),
        name,
        urpf: 'disable',
        interfaceStatus: statusOf(port),
        enabled: true,
        mtu: 1500,
        addresslessForwarding: 'isInvalid',
        vrf: port.vrf,
        localProxyArp: false,
        proxyArp: false,
        lineProtocolStatus: protocolOf(port),
        description: '',
      },
    ]);
  return { interfaces: Object.fromEntries(rows) };
}

export function showIpv6Interface(box: EosBox): Json {
  const rows = [...box.interfaces]
    .filter(([, port]) => port.ipv6.length > 0)
    .map(([name, port]): [string, Json] => {
      const linkLocal = port.ipv6.find(isLinkLocal);
      return [
        name,
        {
          ...(linkLocal === undefined
            ? {}
            : { linkLocal: { subnet: 'fe80::/64', dadfailed: false, active: true, address: linkLocal } }),
          dadStatus: 'enabled',
          vrf: port.vrf,
          addresses: port.ipv6
            .filter((address) => !isLinkLocal(address))
            .map((address) => ({ subnet: `${address}/64`, dadfailed: false, active: true, address })),
          name,
          interfaceStatus: statusOf(port),
          state: 'enabled',
          lineProtocolStatus: protocolOf(port),
        },
      ];
    });
  return { interfaces: Object.fromEntries(rows) };
}

export function showArp(box: EosBox): Json {
  return { vrfs: byVrf(box, 'ipV4Neighbors', (address) => !address.includes(':')) };
}

export function showIpv6Neighbors(box: EosBox): Json {
  return { vrfs: byVrf(box, 'ipV6Neighbors', (address) => address.includes(':')) };
}

function byVrf(box: EosBox, list: string, isWanted: (address: string) => boolean): Json {
  const vrfs = new Set(['default', ...[...box.interfaces.values()].map(({ vrf }) => vrf)]);
  const tables = [...vrfs].map((vrf): [string, Json] => {
    const rows = box.resolved().filter((row) => row.vrf === vrf && isWanted(row.address));
    return [
      vrf,
      {
        dynamicEntries: rows.filter(({ isStatic }) => !isStatic).length,
        [list]: rows.map(({ address, mac, interface: name, isStatic }) => ({
          hwAddress: mac,
          address,
          interface: isStatic ? `${name}, not learned` : name,
          ...(isStatic ? {} : { age: 0 }),
        })),
        notLearnedEntries: 0,
        totalEntries: rows.length,
        staticEntries: rows.filter(({ isStatic }) => isStatic).length,
      },
    ];
  });
  return Object.fromEntries(tables);
}

/** In the words of eAPI's own schema. */
export function showMacAddressTable(box: EosBox): Json {
  const tableEntries = box.macs.map(({ vlan, mac, port }) => ({
    macAddress: mac,
    lastMove: 1466586841.42,
    interface: port,
    moves: 1,
    entryType: 'dynamic',
    vlanId: vlan,
  }));
  return { multicastTable: { tableEntries: [] }, unicastTable: { tableEntries } };
}

/** The two forms of a commit that waits: in the session up to 4.31, beside the sessions from 4.32 on. */
export function showSessions(box: EosBox): Json {
  const isOld = box.version === '4.31';
  const { timer } = box;
  const uptimeAt = (millis: number): number => (millis - box.booted) / 1000;
  const sessions = [...box.sessions].map(([name, { state, user }]): [string, Json] => {
    const isOnTimer = state === 'pendingCommitTimer';
    const shown = state === 'completed' || isOnTimer ? (isOld ? state : 'committed') : state;
    const done = state === 'pending' ? {} : { completedTime: box.booted / 1000, commitUser: user };
    const by = isOld && isOnTimer && timer !== undefined ? { commitBy: uptimeAt(timer.ends) } : {};
    return [name, { state: shown, ...done, ...by, description: '', instances: {} }];
  });
  return {
    sessions: Object.fromEntries(sessions),
    maxSavedSessions: 1,
    maxOpenSessions: 5,
    mergeOnCommit: false,
    saveToStartupConfigOnCommit: false,
    ...(isOld || timer === undefined
      ? {}
      : { commitTimerSessionName: timer.session, commitTimerExpireTime: uptimeAt(timer.ends) }),
  };
}

/** The running configuration as text, with what else stands in one. */
export function showRunningConfig(box: EosBox): string {
  const interfaces = [...box.interfaces].flatMap(([name, port]) => [
    `interface ${name}`,
    ...(port.adminUp ? [] : ['   shutdown']),
    ...(port.vrf === 'default' ? [] : [`   vrf ${port.vrf}`]),
    ...port.ipv4.map((one, index) => `   ip address ${one}${index === 0 ? '' : ' secondary'}`),
    ...port.ipv6.map((one) => `   ipv6 address ${one}/64`),
    '   arp gratuitous accept',
    '!',
  ]);
  const lines = [...box.running.values()].sort();
  return [
    '! device: leaf1 (vEOS)',
    'hostname leaf1',
    '!',
    ...interfaces,
    ...lines,
    '!',
    'arp aging timeout default 300',
    '!',
    'end',
    '',
  ].join('\n');
}
