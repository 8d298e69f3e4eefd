import {
  type AddressPair,
  addressPairOf,
  type Binding,
  type NetworkMap,
  type PairingPolicy,
  type ServerState,
  whyNothing,
} from '../../../projections/index.js';

/** The pair of one server, or why it has none. */
export interface PairView extends Omit<AddressPair, 'mac'> {
  readonly state: ServerState;
  /** Absent with no pair: then `withheld` says why of the `server`. */
  readonly mac?: AddressPair['mac'];
}

/** One page of pairs. */
export interface PairsAnswer {
  /** Of the last event of the map; -1 for an empty log. */
  readonly ordinal: number;
  /** False while the map catches up with the log. */
  readonly live: boolean;
  /** `addresses.pairing` of the configuration. */
  readonly pairing: PairingPolicy;
  /** By server id. */
  readonly pairs: readonly PairView[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
  readonly next?: string | undefined;
}

export function pairView(map: NetworkMap, binding: Binding, policy: PairingPolicy): PairView {
  const { serverId, state } = binding;
  const pair = addressPairOf(map, binding, policy);
  if (pair !== undefined) return { state, ...pair };
  const reason = whyNothing(map, binding) ?? 'billing removed it';
  return { serverId, state, withheld: [{ what: 'server', reason }] };
}
