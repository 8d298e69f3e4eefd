import { IpError } from '../transports/ip-error.js';
import { SshError } from '../transports/ssh-error.js';
import { DeviceError } from './switch/switch.port.js';

/** Awaits work that asks iproute2, here or over SSH, and names the device in whatever went wrong. */
export async function namingDevice<Result>(device: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof IpError || cause instanceof SshError)
      throw new DeviceError(device, cause.code, cause.message, { cause });
    throw cause;
  }
}
