import { Expect } from './shape.js';

const path = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

/** Debian's radvd on the box of a device, which tells the machines of billing's servers their default route. */
export class RaConfig {
  /** The configuration file of radvd; ours as a whole. */
  @Expect('the path of the configuration file of radvd', path)
  file = '/etc/radvd.conf';
  /** Where radvd writes its process id. */
  @Expect('the path of the pid file of radvd', path)
  pidFile = '/run/radvd.pid';
}
