import type { DeviceRegistry } from './control/device-registry.js';
import { serverOnDevice } from './control/server-on-device.js';
import type { Witnesses } from './feed/witnesses.js';
import type { LiveMap } from './projector/live-map.js';
import type { SensorDesk } from './sensor/coverage/sensor-desk.js';

/** Whom the feed asks what the devices hold and how the sensors hear. */
export function openWitnesses(devices: DeviceRegistry, sensorDesk: SensorDesk, liveMap: LiveMap): Witnesses {
  return {
    devicesWith: (serverId, switches) => {
      const { changedAt = -1, freedAt = -1 } = liveMap.map.binding(serverId) ?? {};
      const concerned = devices.all().filter(({ status }) => switches.has(status.switch));
      return concerned.map((device) => {
        const seen = serverOnDevice(serverId, Math.max(changedAt, freedAt), device);
        const { granted, missing, lookedAt, confirmed, mode } = seen;
        const neighbours = device.look?.grantedTo(serverId).neighbours ?? [];
        return {
          device: seen.device,
          switch: seen.switch,
          mode,
          ...(lookedAt !== undefined && { lookedAt }),
          entries: granted.filter((line) => neighbours.includes(line) && !missing.includes(line)),
          missing,
          confirmed,
        };
      });
    },
    guardsAt: (port) =>
      devices.all().flatMap(({ status, guard }) =>
        (guard?.status.ports ?? [])
          .filter(({ ports }) => ports.includes(port))
          .map(({ effect, hits }) => {
            const frames = hits.reduce((sum, hit) => sum + hit.frames, 0);
            return { device: status.device, port, effect, frames };
          }),
      ),
    sensor: (name) => {
      const found = sensorDesk.coverage.sensors().find(({ sensor }) => sensor === name);
      if (found === undefined) return undefined;
      const { state, reason, lastFrame, behindMs, kernelDrops } = found;
      return {
        state,
        ...(reason !== undefined && { reason }),
        ...(lastFrame !== undefined && { lastFrame }),
        behindMs,
        ...(kernelDrops !== undefined && { kernelDrops }),
      };
    },
  };
}
