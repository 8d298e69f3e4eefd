import { parseInstant, type ViolationDetected } from '../../../events/index.js';
import type { Observation, ObservationKind, PortTraffic } from '../../../projections/index.js';

/** The observation that a violation was found in, made again from the fields of its event. */
export function observationOf(data: ViolationDetected): Observation {
  const { port, vlan, claimedAddress, askedAddress, tags, said } = data;
  const traffic = trafficOf(data);
  return {
    kind: data.observation as ObservationKind,
    sensor: data.sensor,
    site: data.site,
    switch: data.switch,
    attribution: data.attribution,
    ...(port !== undefined && { port }),
    ...(vlan !== undefined && { vlan }),
    etherSource: data.etherSource,
    claimedMac: data.claimedMac,
    ...(claimedAddress !== undefined && { claimedAddress }),
    ...(askedAddress !== undefined && { askedAddress }),
    ...(tags !== undefined && { tags }),
    ...(said !== undefined && { said }),
    ...(traffic !== undefined && { traffic }),
    tentative: data.tentative,
    frameTime: parseInstant(data.frameTime) ?? 0,
  };
}

function trafficOf(data: ViolationDetected): PortTraffic | undefined {
  const { trafficWindowMs: windowMs, trafficFrames: frames, askedAddresses, claimedAddresses, sources } = data;
  if (windowMs === undefined) return undefined;
  return {
    windowMs,
    frames: frames ?? 0,
    askedAddresses: askedAddresses ?? 0,
    claimedAddresses: claimedAddresses ?? 0,
    sources: sources ?? 0,
  };
}
