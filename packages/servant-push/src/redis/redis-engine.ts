import { randomUUID } from 'node:crypto';
import type { RedisClientOptions, RedisClientType } from '@redis/client';
import { tokenOf } from '../cluster/address-token.js';
import { endsWithin } from '../cluster/ends-within.js';
import type { Engine, EnginePort, LogEntry, LogInfo, StoredRecord } from '../cluster/engine.js';
import { peerPackage } from '../cluster/peer-package.js';
import { APPEND, INFO, LEASE, NODES, PUT, REMOVE, RENEW, type Script } from './redis-scripts.js';

/** How a {@link RedisEngine} is set up. */
export interface RedisEngineOptions {
  readonly client: RedisClientOptions;
  readonly name: string;
  readonly maxEntries: number;
  readonly ageMs: number | undefined;
}

type Client = RedisClientType;
type Argument = string | Buffer;

const MAX_RECONNECT_MS = 2000;
const BLOCK_MS = 1000;
/** Entries in one answer. */
const BATCH = 500;
/** A connection on which nothing comes for so long is taken for dead. */
const SILENT_MS = 10_000;
/** At its end the engine waits so long for answers. */
const CLOSE_MS = 1000;
/** `$`: the type of strings in answers. */
const STRINGS_AS_BYTES = { typeMapping: { 36: Buffer } } as const;

/** A Redis server (7.0 or later) as engine: a stream as log, sharded pub/sub, and keys that expire. All keys have one hash tag. */
export class RedisEngine implements Engine {
  readonly name = 'redis';
  readonly #options: RedisEngineOptions;
  readonly #channels = new Map<string, string>();
  #port: EnginePort | undefined;
  #node = '';
  /** For commands, for following the log, for channels. */
  #clients: readonly Client[] = [];
  readonly #ready = new Set<Client>();
  #isConnected = false;
  #isClosed = false;
  #connection = 0;
  #follow = 0;
  #reason = new Error('not connected yet');

  constructor(options: RedisEngineOptions) {
    this.#options = options;
  }

  #key(kind: string, name = ''): string {
    return `{${this.#options.name}}:${kind}${name === '' ? '' : `:${tokenOf(name)}`}`;
  }

  async open(port: EnginePort, node: string): Promise<void> {
    const { createClient } = await peerPackage('@redis/client', () => import('@redis/client'));
    this.#port = port;
    this.#node = node;
    const { socket, ...rest } = this.#options.client;
    const options = {
      pingInterval: SILENT_MS / 3,
      ...rest,
      RESP: 2,
      disableOfflineQueue: true,
      socket: { connectTimeout: 5000, socketTimeout: SILENT_MS, reconnectStrategy: reconnectAfter, ...socket },
    };
    this.#clients = [0, 1, 2].map(() => createClient(options as unknown as RedisClientOptions) as unknown as Client);
    for (const client of this.#clients) this.#watch(client);
    for (const client of this.#clients) this.#connect(client);
  }

  #watch(client: Client): void {
    client.on('ready', () => {
      this.#ready.add(client);
      if (this.#ready.size === this.#clients.length) void this.#allReady();
    });
    client.on('error', (error: Error) => {
      this.#reason = error;
      this.#lost(client);
    });
    client.on('end', () => this.#lost(client));
  }

  #connect(client: Client): void {
    client.connect().catch((error: unknown) => {
      if (this.#isClosed) return;
      // A server that refuses, as for a wrong password: the reason is told, and it is tried again.
      this.#port?.failed(error);
      setTimeout(() => {
        if (!this.#isClosed && !client.isOpen) this.#connect(client);
      }, MAX_RECONNECT_MS).unref();
    });
  }

  async #allReady(): Promise<void> {
    const connection = ++this.#connection;
    try {
      const channels = [...this.#channels.keys()];
      if (channels.length > 0) await this.#clients[2]?.sSubscribe(channels, this.#onMessage, true);
    } catch (error) {
      this.#port?.failed(error);
    }
    if (connection !== this.#connection || this.#ready.size < this.#clients.length || this.#isClosed) return;
    this.#isConnected = true;
    this.#port?.connected();
  }

  #lost(client: Client): void {
    this.#ready.delete(client);
    this.#connection++;
    this.#follow++;
    if (!this.#isConnected) return;
    this.#isConnected = false;
    if (!this.#isClosed) this.#port?.disconnected(this.#reason);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#follow++;
    this.#connection++;
    const [commands, ...others] = this.#clients;
    for (const client of others) if (client.isOpen) client.destroy();
    if (commands?.isReady === true) {
      // What is under way is to be answered; but a server that stands still answers nothing, ever.
      if (!(await endsWithin(CLOSE_MS, commands.close()))) commands.destroy();
    } else if (commands?.isOpen === true) commands.destroy();
  }

  #send<T>(args: readonly Argument[], client: Client | undefined = this.#clients[0]): Promise<T> {
    if (client === undefined) return Promise.reject(this.#reason);
    return client.sendCommand<never>(args as Argument[], STRINGS_AS_BYTES as never) as Promise<T>;
  }

  async #run<T>({ sha, text }: Script, keys: readonly string[], args: readonly Argument[] = []): Promise<T> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#send<T>(['EVALSHA', sha, ...rest]);
    } catch (error) {
      // The server has forgotten it, or never had it.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.#send<T>(['EVAL', text, ...rest]);
    }
  }

  // --- the log -------------------------------------------------------------------------------------------------------------------

  async log(): Promise<LogInfo> {
    // Scripts are there before the first push: one that had to be sent again could be overtaken.
    await this.#send(['SCRIPT', 'LOAD', APPEND.text]);
    const [epoch, last, first] = await this.#run<[Buffer, Buffer, Buffer]>(
      INFO,
      [this.#key('epoch'), this.#key('sequence'), this.#key('log')],
      [randomUUID()],
    );
    const lastNumber = Number(last.toString());
    return {
      epoch: epoch.toString(),
      last: lastNumber,
      first: first.length === 0 ? lastNumber + 1 : sequenceOf(first),
    };
  }

  async entryAt(sequence: number): Promise<Uint8Array | undefined> {
    const id = `${sequence}-0`;
    const [entry] = await this.#send<StreamEntry[]>(['XRANGE', this.#key('log'), id, id]);
    return entry === undefined ? undefined : bytesOf(entry);
  }

  async renew(epoch: string): Promise<void> {
    await this.#run(RENEW, [this.#key('epoch'), this.#key('log')], [epoch, randomUUID()]);
  }

  follow(after: number): void {
    const follow = ++this.#follow;
    void this.#followFrom(after, follow);
  }

  async #followFrom(after: number, follow: number): Promise<void> {
    let last = after;
    while (follow === this.#follow && this.#isConnected) {
      const args = ['XREAD', 'COUNT', String(BATCH), 'BLOCK', String(BLOCK_MS), 'STREAMS', this.#key('log')];
      let answer: [Buffer, StreamEntry[]][] | null;
      try {
        answer = await this.#send([...args, `${last}-0`], this.#clients[1]);
      } catch (error) {
        // When the connection is lost, it goes on from its place with the next one.
        if (follow !== this.#follow) return;
        this.#port?.failed(error);
        await new Promise((resolve) => {
          setTimeout(resolve, BLOCK_MS);
        });
        continue;
      }
      for (const entry of answer?.[0]?.[1] ?? []) {
        if (follow !== this.#follow) return;
        last = sequenceOf(entry[0]);
        this.#port?.entry(last, bytesOf(entry));
      }
    }
  }

  append({ number, bytes, epoch, unconfirmed }: LogEntry): Promise<number> {
    const { maxEntries, ageMs = this.#port?.keepMs ?? 0 } = this.#options;
    return this.#run(
      APPEND,
      [this.#key('epoch'), this.#key('sequence'), this.#key('log'), this.#key('node', this.#node)],
      [epoch, String(number), String(unconfirmed), asBuffer(bytes), String(maxEntries), String(ageMs)],
    );
  }

  // --- messages ------------------------------------------------------------------------------------------------------------------

  async cast(channel: string, bytes: Uint8Array): Promise<void> {
    await this.#send(['SPUBLISH', this.#key('channel', channel), asBuffer(bytes)]);
  }

  readonly #onMessage = (message: Buffer, channel: Buffer): void => {
    const name = this.#channels.get(channel.toString());
    if (name !== undefined) this.#port?.received(name, message);
  };

  listen(channel: string): void {
    const key = this.#key('channel', channel);
    this.#channels.set(key, channel);
    // Otherwise it is subscribed to with the next connection.
    if (this.#isConnected) {
      this.#clients[2]?.sSubscribe(key, this.#onMessage, true).catch((error: unknown) => this.#troubled(error));
    }
  }

  unlisten(channel: string): void {
    const key = this.#key('channel', channel);
    this.#channels.delete(key);
    if (this.#clients[2]?.isReady === true) {
      this.#clients[2].sUnsubscribe(key, this.#onMessage, true).catch((error: unknown) => this.#troubled(error));
    }
  }

  #troubled(error: unknown): void {
    if (this.#isConnected && !this.#isClosed) this.#port?.failed(error);
  }

  // --- values --------------------------------------------------------------------------------------------------------------------

  async put(key: string, { version, bytes }: StoredRecord, ttlMs: number, isNew: boolean): Promise<boolean> {
    const args = [String(version), asBuffer(bytes), String(Math.ceil(ttlMs)), String(isNew ? version - 1 : version)];
    return (await this.#run<number>(PUT, [this.#key('value', key)], args)) === 1;
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    const [version, bytes] = await this.#send<(Buffer | null)[]>(['HMGET', this.#key('value', key), 'v', 'b']);
    if (version === null || version === undefined || bytes === null || bytes === undefined) return undefined;
    return { version: Number(version.toString()), bytes };
  }

  async remove(key: string, version: number): Promise<void> {
    await this.#run(REMOVE, [this.#key('value', key)], [String(version)]);
  }

  async lease(ttlMs: number): Promise<void> {
    await this.#run(LEASE, [this.#key('nodes')], [this.#node, String(Math.ceil(ttlMs))]);
  }

  async nodes(): Promise<string[]> {
    return (await this.#run<Buffer[]>(NODES, [this.#key('nodes')])).map(String);
  }
}

/** Its id, and the names and values of its fields: `t`, the time, and `b`, the bytes. */
type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];

function sequenceOf(id: Buffer): number {
  return Number.parseInt(id.toString(), 10);
}

function bytesOf([, fields]: StreamEntry): Uint8Array {
  return fields[3] ?? new Uint8Array(0);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function reconnectAfter(retries: number): number {
  return Math.min(MAX_RECONNECT_MS, 50 * 2 ** retries) * (0.5 + Math.random() / 2);
}
