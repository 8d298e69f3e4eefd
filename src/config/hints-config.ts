import { isIP } from 'node:net';
import { Expect, Optional } from './shape.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

/** Where messages of devices are heard: hints to read a port again, unless `trusted`. */
export class HintListenerConfig {
  @Expect(
    'syslog-udp, syslog-tcp or snmp-trap',
    (value) => value === 'syslog-udp' || value === 'syslog-tcp' || value === 'snmp-trap',
  )
  kind!: 'syslog-udp' | 'syslog-tcp' | 'snmp-trap';
  @Expect('an IP address of this machine', (value) => typeof value === 'string' && isIP(value) > 0)
  address!: string;
  /** 514 is syslog's, 162 that of traps; both need the right to bind low ports. */
  @Expect(
    'a port number from 0 to 65535',
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535,
  )
  port!: number;
  /** One line: the community of SNMPv2c. Without it v2c is refused. */
  @Optional()
  @Expect('the path of a file', text)
  communityFile?: string;
  /** JSON `[{"name", "auth": "sha"|"sha256"|"sha512", "authKey", "priv": "aes", "privKey"}]`: the users of SNMPv3. */
  @Optional()
  @Expect('the path of a file', text)
  usersFile?: string;
  /** The interface only devices and engineers reach; needed for `trusted`, and `address` must be one of its addresses. */
  @Optional()
  @Expect('the name of a network interface', (value) => typeof value === 'string' && /^[^\s/]{1,15}$/.test(value))
  managementInterface?: string;
  /** The message itself becomes LinkUp or LinkDown, before the port is read. */
  @Expect('true or false', (value) => typeof value === 'boolean')
  trusted = false;
}
