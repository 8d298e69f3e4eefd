import type { InterfaceState } from './switch.port.js';

/**
 * Why an interface may not be written to: the device shows it in another VRF than the configuration names, and an entry
 * would land where nobody looks for it. undefined when they agree, or when the device does not have the interface.
 */
export function whyOtherVrf(state: InterfaceState | undefined, configured: string | undefined): string | undefined {
  if (state === undefined || state.vrf === configured) return undefined;
  const cure = `set this device's "vrf" to what the device says, or move the interface`;
  return `interface ${state.name} is in ${named(state.vrf)}, not in ${named(configured)} as configured; ${cure}`;
}

function named(vrf: string | undefined): string {
  return vrf === undefined ? 'the default VRF' : `VRF ${vrf}`;
}
