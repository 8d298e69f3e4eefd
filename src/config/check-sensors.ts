import { parsePort, switchOf } from '../../events/index.js';
import type { AppConfig } from './app-config.js';
import { didYouMean } from './nearest.js';
import { type ShapeProblem, showValue } from './shape.js';

/** Every sensor is on a known switch, its port is of that switch, and it says what its kind needs and nothing else. */
export function sensorProblems(config: AppConfig): ShapeProblem[] {
  const known = config.gateways.map((gateway) => gateway.switch);
  return config.sensors.flatMap((sensor, index) => {
    const pointer = `/sensors/${index}`;
    if (!known.includes(sensor.switch)) {
      const expected = `a switch named under /gateways.${didYouMean(sensor.switch, known)}`;
      return [{ pointer: `${pointer}/switch`, found: showValue(sensor.switch), expected }];
    }
    const port = parsePort(sensor.port);
    if (port !== undefined && switchOf(port) !== sensor.switch) {
      const expected = `a port of its own switch ${sensor.switch}`;
      return [{ pointer: `${pointer}/port`, found: showValue(sensor.port), expected }];
    }
    return sensor.kind === 'tables' ? tablesProblems(config, index, pointer) : captureProblems(sensor, pointer);
  });
}

type Sensor = AppConfig['sensors'][number];

function captureProblems(sensor: Sensor, pointer: string): ShapeProblem[] {
  const odd = (['device', 'file'] as const).filter((key) => sensor[key] !== undefined);
  const problems = odd.map((key) => ({
    pointer: `${pointer}/${key}`,
    found: showValue(sensor[key]),
    expected: 'none: it belongs to kind tables',
  }));
  if (sensor.interface !== undefined) return problems;
  const expected = 'the interface that frames are heard on, which kind capture needs';
  return [...problems, { pointer: `${pointer}/interface`, found: 'nothing', expected }];
}

const readable = ['eos', 'ios', 'linux'];

function tablesProblems({ gateways, sensors }: AppConfig, index: number, pointer: string): ShapeProblem[] {
  const { device, file, netns, switch: ownSwitch } = sensors[index] ?? {};
  const places = [device, file, netns].filter((place) => place !== undefined);
  if (places.length !== 1) {
    const found = places.length === 0 ? 'none of device, file, netns' : 'more than one of device, file, netns';
    return [{ pointer, found, expected: 'one of them, which kind tables needs' }];
  }
  if (device === undefined) return [];
  const devices = gateways.filter((gateway) => gateway.switch === ownSwitch).flatMap((gateway) => gateway.devices);
  const named = devices.find(({ name }) => name === device);
  const names = devices.map(({ name }) => name);
  if (named === undefined) {
    const expected = `a device of switch ${ownSwitch}.${didYouMean(device, names)}`;
    return [{ pointer: `${pointer}/device`, found: showValue(device), expected }];
  }
  if (readable.includes(named.driver.kind)) return [];
  const expected = `a device whose driver is ${readable.join(', ')}: others have no tables to ask for`;
  return [{ pointer: `${pointer}/device`, found: `${showValue(device)} of kind ${named.driver.kind}`, expected }];
}
