import { randomUUID } from 'node:crypto';
import type { ConsumerMessages, JetStreamClient, JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import type { KV, Kvm } from '@nats-io/kv';
import type { NatsConnection, NodeConnectionOptions, Subscription } from '@nats-io/transport-node';
import { tokenOf } from '../cluster/address-token.js';
import { endsWithin } from '../cluster/ends-within.js';
import type { Engine, EnginePort, LogEntry, LogInfo, StoredRecord } from '../cluster/engine.js';
import { peerPackage } from '../cluster/peer-package.js';
import { NatsStore } from './nats-store.js';

/** How a {@link NatsEngine} is set up. */
export interface NatsEngineOptions {
  readonly connection: NodeConnectionOptions;
  readonly name: string;
  readonly maxBytes: number;
  readonly ageMs: number | undefined;
  readonly replicas: number;
}

const NANOS_PER_MS = 1_000_000;
/** A request that is not answered by then has failed. */
const ANSWER_MS = 5000;
const PING_MS = 3000;
/** At its end the engine waits so long for answers. */
const CLOSE_MS = 1000;
const RETRY_MS = 250;
/** How long values live in a bucket that was never written to by this node. */
const DEFAULT_TTL_MS = 60_000;
const NOT_FOUND = 404;

/** What is made anew with each connection. */
interface Session {
  readonly streams: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly kvm: Kvm;
  readonly values: NatsStore;
  leases: Promise<KV> | undefined;
}

/** A NATS server with JetStream (2.9 or later) as engine: a stream as log, subjects for messages, buckets for values. */
export class NatsEngine implements Engine {
  readonly name = 'nats';
  readonly #options: NatsEngineOptions;
  readonly #channels = new Map<string, Subscription | undefined>();
  #port: EnginePort | undefined;
  #node = '';
  #connection: NatsConnection | undefined;
  #session: Session | undefined;
  #isConnected = false;
  #isClosed = false;
  #messages: ConsumerMessages | undefined;
  #follow = 0;
  #valueMs = DEFAULT_TTL_MS;
  #reason = new Error('not connected yet');

  constructor(options: NatsEngineOptions) {
    this.#options = options;
  }

  async open(port: EnginePort, node: string): Promise<void> {
    const { connect } = await peerPackage('@nats-io/transport-node', () => import('@nats-io/transport-node'));
    const { jetstream, jetstreamManager } = await peerPackage('@nats-io/jetstream', () => import('@nats-io/jetstream'));
    const { Kvm } = await peerPackage('@nats-io/kv', () => import('@nats-io/kv'));
    this.#port = port;
    this.#node = node;
    const options: NodeConnectionOptions = {
      pingInterval: PING_MS,
      maxPingOut: 2,
      reconnectTimeWait: RETRY_MS,
      reconnectJitter: RETRY_MS,
      ignoreAuthErrorAbort: true,
      ...this.#options.connection,
      reconnect: true,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: false,
    };
    const begin = async (connection: NatsConnection): Promise<void> => {
      if (this.#isClosed) {
        await connection.close();
        return;
      }
      this.#connection = connection;
      void this.#watch(connection, async () => {
        const kvm = new Kvm(connection);
        this.#session = {
          streams: jetstream(connection, { timeout: ANSWER_MS }),
          manager: await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS }),
          kvm,
          values: new NatsStore(kvm, `${this.#options.name}-values`, this.#options.replicas),
          leases: undefined,
        };
      });
    };
    void this.#connect(() => connect(options), begin);
  }

  /** Tries until there is a first connection: an attempt of the client's own could not be called off. */
  async #connect(
    connect: () => Promise<NatsConnection>,
    begin: (connection: NatsConnection) => Promise<void>,
  ): Promise<void> {
    while (!this.#isClosed) {
      try {
        await begin(await connect());
        return;
      } catch (error) {
        this.#reason = error as Error;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS * (1 + Math.random())).unref();
      });
    }
  }

  async #watch(connection: NatsConnection, renew: () => Promise<void>): Promise<void> {
    for (const channel of this.#channels.keys()) this.#subscribe(channel);
    await this.#arrived(renew);
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection' || status.type === 'close') {
        this.#lost(new Error(`${status.type} of the connection to ${connection.getServer()}`));
      } else if (status.type === 'reconnect') await this.#arrived(renew);
    }
  }

  async #arrived(renew: () => Promise<void>): Promise<void> {
    try {
      await renew();
      if (this.#isClosed) return;
      this.#isConnected = true;
      this.#port?.connected();
    } catch (error) {
      this.#port?.failed(error);
    }
  }

  #lost(reason: Error): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#reason = reason;
    this.#stopFollowing();
    if (!this.#isClosed) this.#port?.disconnected(reason);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopFollowing();
    const isThere = this.#isConnected;
    this.#isConnected = false;
    // A server that stands still answers nothing, ever.
    if (isThere) await endsWithin(CLOSE_MS, this.#connection?.flush() ?? Promise.resolve()).catch(() => undefined);
    await this.#connection?.close();
  }

  #there(): Session {
    if (!this.#isConnected || this.#session === undefined) throw this.#reason;
    return this.#session;
  }

  // --- the log -------------------------------------------------------------------------------------------------------------------

  get #stream(): string {
    return `${this.#options.name}-log`;
  }

  get #subject(): string {
    return `${this.#options.name}.log`;
  }

  async log(): Promise<LogInfo> {
    const { manager } = this.#there();
    const { created, config, state } = await this.#found(manager);
    const last = state.last_seq;
    return {
      epoch: `${created} ${config.description ?? ''}`,
      last,
      first: state.messages === 0 ? last + 1 : state.first_seq,
    };
  }

  async #found(manager: JetStreamManager): Promise<StreamInfo> {
    try {
      return await manager.streams.info(this.#stream);
    } catch (error) {
      if ((error as { status?: number }).status !== NOT_FOUND) throw error;
    }
    const { maxBytes, ageMs = this.#port?.keepMs ?? 0, replicas } = this.#options;
    const age = ageMs * NANOS_PER_MS;
    return manager.streams.add({
      name: this.#stream,
      subjects: [this.#subject],
      description: randomUUID(),
      max_bytes: maxBytes,
      max_age: age,
      duplicate_window: age,
      num_replicas: replicas,
    });
  }

  async entryAt(sequence: number): Promise<Uint8Array | undefined> {
    const { manager } = this.#there();
    try {
      return (await manager.streams.getMessage(this.#stream, { seq: sequence }))?.data;
    } catch (error) {
      if ((error as { status?: number }).status === NOT_FOUND) return undefined;
      throw error;
    }
  }

  async renew(epoch: string): Promise<void> {
    const { manager } = this.#there();
    if ((await this.log()).epoch !== epoch) return;
    await manager.streams.update(this.#stream, { description: randomUUID() });
    await manager.streams.purge(this.#stream);
  }

  follow(after: number): void {
    this.#stopFollowing();
    void this.#followFrom(after, this.#follow);
  }

  #stopFollowing(): void {
    this.#follow++;
    this.#messages?.stop();
    this.#messages = undefined;
  }

  async #followFrom(after: number, follow: number): Promise<void> {
    let last = after;
    while (follow === this.#follow && this.#isConnected) {
      try {
        const consumer = await this.#there().streams.consumers.get(this.#stream, {
          deliver_policy: 'by_start_sequence',
          opt_start_seq: last + 1,
        });
        if (follow !== this.#follow) return;
        const messages = await consumer.consume({ max_messages: 1000, expires: 5000, idle_heartbeat: 1000 });
        if (follow !== this.#follow) {
          messages.stop();
          return;
        }
        this.#messages = messages;
        for await (const message of messages) {
          if (follow !== this.#follow) return;
          last = message.seq;
          this.#port?.entry(last, message.data);
        }
      } catch (error) {
        if (follow !== this.#follow) return;
        this.#port?.failed(error);
        await new Promise((resolve) => {
          setTimeout(resolve, 500);
        });
      }
    }
  }

  async append({ number, bytes }: LogEntry): Promise<number> {
    const { streams } = this.#there();
    const { seq } = await streams.publish(this.#subject, bytes, {
      msgID: `${this.#node}-${number}`,
      timeout: ANSWER_MS,
      expect: { streamName: this.#stream },
      retries: 0,
    });
    return seq;
  }

  // --- messages ------------------------------------------------------------------------------------------------------------------

  #subjectOf(channel: string): string {
    return `${this.#options.name}.channel.${tokenOf(channel)}`;
  }

  async cast(channel: string, bytes: Uint8Array): Promise<void> {
    this.#there();
    this.#connection?.publish(this.#subjectOf(channel), bytes);
  }

  listen(channel: string): void {
    if (this.#channels.has(channel)) return;
    this.#channels.set(channel, undefined);
    // The client subscribes again after a loss by itself.
    if (this.#connection !== undefined) this.#subscribe(channel);
  }

  #subscribe(channel: string): void {
    if (this.#isClosed) return;
    const subscription = this.#connection?.subscribe(this.#subjectOf(channel), {
      callback: (error, message) => {
        if (error === null) this.#port?.received(channel, message.data);
        else this.#port?.failed(error);
      },
    });
    this.#channels.set(channel, subscription);
  }

  unlisten(channel: string): void {
    const subscription = this.#channels.get(channel);
    this.#channels.delete(channel);
    if (this.#connection?.isClosed() === false) subscription?.unsubscribe();
  }

  // --- values --------------------------------------------------------------------------------------------------------------------

  async put(key: string, record: StoredRecord, ttlMs: number, isNew: boolean): Promise<boolean> {
    this.#valueMs = ttlMs;
    return this.#there().values.put(key, record, ttlMs, isNew);
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    return this.#there().values.get(key, this.#valueMs);
  }

  async remove(key: string, version: number): Promise<void> {
    await this.#there().values.remove(key, version, this.#valueMs);
  }

  async lease(ttlMs: number): Promise<void> {
    const session = this.#there();
    const { name, replicas } = this.#options;
    session.leases ??= session.kvm.create(`${name}-nodes`, {
      history: 1,
      ...(ttlMs > 0 && { ttl: ttlMs }),
      replicas,
    });
    try {
      const leases = await session.leases;
      if (ttlMs > 0) await leases.put(tokenOf(this.#node), '');
      else await leases.purge(tokenOf(this.#node));
    } catch (error) {
      session.leases = undefined;
      throw error;
    }
  }

  async nodes(): Promise<string[]> {
    const leases = await this.#there().leases;
    const nodes: string[] = [];
    for await (const key of (await leases?.keys()) ?? []) nodes.push(key);
    // Names of nodes are their own tokens.
    return nodes;
  }
}
