/** What we use of net-snmp 3.29.2, which brings no types. */
declare module 'net-snmp' {
  interface Varbind {
    readonly oid: string;
    readonly type: number;
    readonly value: unknown;
  }
  interface Notification {
    readonly pdu: {
      readonly type: number;
      readonly varbinds: readonly Varbind[];
      /** Set by `includeAuthentication`. */
      readonly community?: string;
      readonly user?: string;
    };
    readonly rinfo: { readonly address: string; readonly port: number };
  }
  interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol?: string;
    readonly authKey?: string;
    readonly privProtocol?: string;
    readonly privKey?: string;
  }
  interface Receiver {
    getAuthorizer(): { addCommunity(community: string): void; addUser(user: User): void };
    close(callback?: () => void): void;
  }
  interface Session {
    trap(oid: string, varbinds: readonly Varbind[], callback: (error: Error | null) => void): void;
    inform(oid: string, varbinds: readonly Varbind[], callback: (error: Error | null) => void): void;
    close(): void;
  }
  const snmp: {
    createReceiver(
      options: {
        readonly sockets: { readonly transport: string; readonly address: string; readonly port: number }[];
        readonly includeAuthentication: boolean;
        readonly disableAuthorization: boolean;
        readonly dgramModule: { createSocket(): unknown };
      },
      callback: (error: Error | null, notification: Notification | null) => void,
    ): Receiver;
    createSession(host: string, community: string, options: object): Session;
    createV3Session(host: string, user: User, options: object): Session;
    readonly PduType: Readonly<Record<string, number>>;
    readonly ObjectType: Readonly<Record<string, number>>;
    readonly SecurityLevel: { readonly noAuthNoPriv: number; readonly authNoPriv: number; readonly authPriv: number };
    readonly AuthProtocols: Readonly<Record<string, string>>;
    readonly PrivProtocols: Readonly<Record<string, string>>;
    readonly Version2c: number;
  };
  export default snmp;
}
