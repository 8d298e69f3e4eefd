import { type IpAddress, isLinkLocal } from '../../events/index.js';
import type { SwitchState } from '../drivers/switch/switch.port.js';

/**
 * Why an interface cannot carry routes just now; undefined when it can.
 * Its declared link-locals must be on the interface itself, every other declared address anywhere on the box.
 * Where no gateway was declared, some link-local must be there: a next hop in fe80::/64 needs one.
 */
export function whyNotReady(
  state: SwitchState,
  interfaceName: string,
  declared: readonly IpAddress[] | undefined,
): string | undefined {
  const found = state.interfaces.get(interfaceName);
  if (found === undefined) return `interface ${interfaceName} does not exist on the device`;
  if (!found.adminUp) return `interface ${interfaceName} is administratively down`;
  if (declared === undefined) {
    return found.addresses.some((address) => isLinkLocal(address))
      ? undefined
      : `no link-local address on ${interfaceName}`;
  }
  const missing = declared.find((address) =>
    isLinkLocal(address) ? !found.addresses.includes(address) : !state.boxAddresses.has(address),
  );
  return missing === undefined ? undefined : `gateway address ${missing} is missing on ${interfaceName}`;
}
