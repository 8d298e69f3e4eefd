import { isOpen } from '../projections/index.js';
import type { EngineParts } from './engine-parts.js';
import type { PanelLayouts } from './control/switches/layout-file.js';
import type { PortViolation, PortWitnesses } from './control/switches/port-witnesses.js';
import { SwitchBoard } from './control/switches/switch-board.js';
import type { ViolationIndex } from './feed/violation-index.js';
import type { SensorDesk } from './sensor/coverage/sensor-desk.js';

/** The ports of every switch, as the map, the devices, the feed and the sensors have them. */
export function openSwitches(
  parts: Pick<EngineParts, 'config' | 'projector' | 'devices' | 'violationIndex' | 'sensorDesk'>,
  layouts: PanelLayouts,
): SwitchBoard {
  const { config, projector, devices, violationIndex, sensorDesk } = parts;
  return new SwitchBoard({
    liveMap: projector.liveMap,
    devices,
    gateways: config.gateways,
    switches: config.sensors.map((sensor) => sensor.switch),
    layouts,
    witnesses: openPortWitnesses(violationIndex, sensorDesk),
  });
}

/** Whom the switches ask what was heard at the ports and who listens there. */
function openPortWitnesses(index: ViolationIndex, sensorDesk: SensorDesk): PortWitnesses {
  return {
    get live() {
      return index.live;
    },
    openViolationsOn: (switchName) => openViolationsOn(index, switchName),
    listeners: () => sensorDesk.coverage.portStates(),
  };
}

function openViolationsOn(index: ViolationIndex, switchName: string): PortViolation[] {
  const { columns } = index;
  const number = columns.names.find(switchName);
  if (number === undefined) return [];
  const found: PortViolation[] = [];
  const chain = columns.linked.switch;
  for (let slot = chain.first(number); slot >= 0; slot = chain.after(slot)) {
    const state = columns.stateOf(slot);
    const port = columns.nameOf('port', slot);
    if (state === undefined || port === undefined || !isOpen(state)) continue;
    const rule = columns.nameOf('rule', slot) ?? '';
    found.push({ port, violationId: index.idAt(slot), rule, severity: columns.nameOf('severity', slot) ?? '' });
  }
  return found;
}
