import type { GatewayDeclared, SwitchName } from '../events/index.js';
import { type Projection, unreachable } from './projection.js';
import { type Register, write } from './register.js';

/** The latest word on the gateway of one switch; `undefined` as value means retired. */
export interface GatewayRow {
  readonly switch: SwitchName;
  readonly declaration: Register<GatewayDeclared | undefined>;
}

type GatewayEventType = 'GatewayDeclared' | 'GatewayRetired';

export const gateways: Projection<GatewayRow, GatewayEventType> = {
  name: 'gateways',
  handles: ['GatewayDeclared', 'GatewayRetired'],
  key: (event) => event.data.switch,
  evolve(row, event) {
    const declaration = write(row?.declaration, declarationIn(event), event);
    return declaration === row?.declaration ? row : { switch: event.data.switch, declaration };
  },
};

function declarationIn(event: Parameters<typeof gateways.key>[0]): GatewayDeclared | undefined {
  switch (event.type) {
    case 'GatewayDeclared':
      return event.data;
    case 'GatewayRetired':
      return undefined;
    default:
      return unreachable(event);
  }
}
