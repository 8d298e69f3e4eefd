import { EapiError } from '../transports/eapi-error.js';
import { DeviceError } from './switch/switch.port.js';

/** Awaits work that asks over eAPI and names the device in whatever went wrong. */
export async function namingEapiDevice<Result>(device: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EapiError) throw new DeviceError(device, cause.code, cause.message, { cause });
    throw cause;
  }
}
