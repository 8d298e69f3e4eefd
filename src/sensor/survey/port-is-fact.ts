import type { ViolationRow } from '../../../projections/index.js';

/** True where the capture itself proved the port of a finding. */
export const portIsFact = ({ attribution, port }: ViolationRow): boolean =>
  port !== undefined && (attribution === 'interface' || attribution === 'vlan');
