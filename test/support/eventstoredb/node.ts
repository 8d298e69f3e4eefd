import { randomUUID } from 'node:crypto';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { serveAppend, serveBatchAppend } from './append-calls.js';
import { type Address, errorOf } from './endings.js';
import { Faults } from './faults.js';
import { uuid } from './messages.js';
import { serveRead } from './read-call.js';
import type { ServerLog } from './server-log.js';

export interface Member extends Address {
  readonly state: 'leader' | 'follower' | 'dead';
}

/** What a node knows of its cluster. */
export interface Cluster {
  readonly members: () => readonly Member[];
  readonly hasMajority: () => boolean;
}

export interface NodeOptions {
  /** False for a server older than 21.10, which has no BatchAppend. */
  readonly batchAppend?: boolean;
  readonly cluster?: Cluster;
}

/** One node of the protocol double: a gRPC server on 127.0.0.1 that keeps its log, and its port, when it is stopped. */
export class ServerNode {
  readonly faults = new Faults();
  private server: Server | undefined;
  private boundTo = 0;
  private readonly instanceId = randomUUID();

  constructor(
    readonly log: ServerLog,
    private readonly options: NodeOptions = {},
  ) {}

  get port(): number {
    return this.boundTo;
  }

  get running(): boolean {
    return this.server !== undefined;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.boundTo}?tls=false`;
  }

  /** Listens on any free port at first, later on the same again. */
  async start(): Promise<this> {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    const leader = (): Address => this.members().find(({ state }) => state === 'leader') ?? this.address;
    const { log, faults } = this;
    const hasMajority = (): boolean => this.options.cluster?.hasMajority() ?? true;
    const appending = { log, faults, leader, hasMajority };
    server.addService(streamsService.StreamsService, {
      read: (call: Parameters<typeof serveRead>[0]) => serveRead(call, log, faults, leader),
      append: (call: Parameters<typeof serveAppend>[0], callback: Parameters<typeof serveAppend>[1]) =>
        serveAppend(call, callback, appending),
      batchAppend: (call: Parameters<typeof serveBatchAppend>[0]) => serveBatchAppend(call, appending),
    });
    server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, answer: Answer<features.SupportedMethods>) =>
        this.answer(answer, () => this.supported()),
    });
    server.addService(gossipService.GossipService, {
      read: (_call: unknown, answer: Answer<gossip.ClusterInfo>) => this.answer(answer, () => this.clusterInfo()),
    });
    this.boundTo = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.boundTo}`, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    this.server = server;
    return this;
  }

  /** Breaks every connection and listens no more. */
  stop(): void {
    this.server?.forceShutdown();
    this.server = undefined;
  }

  private get address(): Address {
    return { host: '127.0.0.1', port: this.boundTo };
  }

  private members(): readonly Member[] {
    return this.options.cluster?.members() ?? [{ ...this.address, state: 'leader' }];
  }

  private answer<Message>(callback: Answer<Message>, make: () => Message): void {
    const fault = this.faults.now;
    if (fault === 'silent') return;
    const error = fault === 'not leader' ? undefined : errorOf(fault, this.address);
    if (error === undefined) callback(null, make());
    else callback(error);
  }

  private supported(): features.SupportedMethods {
    const methods = new features.SupportedMethods();
    methods.setEventStoreServerVersion('24.10.0');
    const names = ['append', 'read', ...(this.options.batchAppend === false ? [] : ['batchappend'])];
    for (const name of names) {
      const method = new features.SupportedMethod();
      method.setServiceName('event_store.client.streams.streams');
      method.setMethodName(name);
      methods.addMethods(method);
    }
    return methods;
  }

  private clusterInfo(): gossip.ClusterInfo {
    const info = new gossip.ClusterInfo();
    for (const { host, port, state } of this.members()) {
      const endPoint = new gossip.EndPoint();
      endPoint.setAddress(host);
      endPoint.setPort(port);
      const member = new gossip.MemberInfo();
      member.setInstanceId(uuid(port === this.boundTo ? this.instanceId : randomUUID()));
      member.setTimeStamp(String(Date.now()));
      member.setIsAlive(state !== 'dead');
      const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
      member.setState(state === 'leader' ? LEADER : FOLLOWER);
      member.setHttpEndPoint(endPoint);
      info.addMembers(member);
    }
    return info;
  }
}

type Answer<Message> = (error: Error | null, message?: Message) => void;
