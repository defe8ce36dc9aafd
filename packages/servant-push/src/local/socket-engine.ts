import { connect, type Socket } from 'node:net';
import { ByteVector, NetWorkBuffer, PacketType, TarsException } from '@tarsier/framework';
import type { Engine, EnginePort, LogEntry, LogInfo, StoredRecord } from '../cluster/engine.js';
import { type BrokerLimits, defaultBrokerLimits } from './broker.js';
import { CONFIRMATION_BYTES, NONCE_BYTES, NodeHandshake } from './broker-handshake.js';
import { BrokerHost, HANDSHAKE_MS, inodeOf } from './broker-host.js';
import { type BrokerNews, type BrokerRequest, brokerParser, decodeMessage, encodeMessage } from './broker-messages.js';
import { BrokerMirror } from './broker-mirror.js';

/** How a {@link SocketEngine} is made. */
export interface SocketEngineOptions {
  /** Path of the Unix socket that the processes meet at; on Windows the name of a pipe. */
  readonly path: string;
  /** Both sides prove that they know it before anything else is said; '' unless told: then the folder of the path has to keep others out. */
  readonly secret?: string;
  /** False: this process never takes the place of the broker. */
  readonly mayServe?: boolean;
  /** What is kept of the log. */
  readonly limits?: BrokerLimits;
}

/** A request without its number. */
type Call = BrokerRequest extends infer Request
  ? Request extends { readonly id: number }
    ? Omit<Request, 'id'>
    : never
  : never;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Waits between two attempts are drawn up to this, in ms; so processes that lose their broker do not all take its place. */
const MIN_WAIT_MS = 20;
const MAX_WAIT_MS = 500;
/** So many attempts in a row find nobody before this process serves itself. */
const ATTEMPTS = 3;

/**
 * An engine for the processes of one machine, with nothing installed: one of them is the broker, and when it ends another one takes its
 * place, with what it knows of the log and of the sessions.
 */
export class SocketEngine implements Engine {
  readonly name = 'local';
  readonly #path: string;
  readonly #secret: string;
  readonly #mayServe: boolean;
  readonly #limits: BrokerLimits;
  readonly #mirror: BrokerMirror;
  readonly #channels = new Set<string>();
  readonly #waiting = new Map<number, Waiting>();
  #port: EnginePort | undefined;
  #node = '';
  #socket: Socket | undefined;
  #host: BrokerHost | undefined;
  /** Whoever listens has proved that it knows the secret. */
  #isTrusted = false;
  #isConnected = false;
  #wasConnected = false;
  #lastId = 0;
  #failures = 0;
  /** The file at the path when nobody answered there; 0 for none. */
  #stale = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor({ path, secret = '', mayServe = true, limits = defaultBrokerLimits }: SocketEngineOptions) {
    this.#path = path;
    this.#secret = secret;
    this.#mayServe = mayServe;
    this.#limits = limits;
    this.#mirror = new BrokerMirror(limits);
  }

  async open(port: EnginePort, node: string): Promise<void> {
    this.#port = port;
    this.#node = node;
    this.#connect();
  }

  async close(): Promise<void> {
    this.#port = undefined;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
    this.#fail(new Error('the backplane was closed'));
    await this.rest();
  }

  /** Serves from now on, before anybody needs it. */
  async serve(): Promise<void> {
    this.#host ??= await BrokerHost.start(this.#path, this.#secret, this.#limits, this.#mirror.seed(), this.#stale);
  }

  /** Serves no more; others take its place, or it comes back. */
  async rest(): Promise<void> {
    const host = this.#host;
    this.#host = undefined;
    await host?.stop();
  }

  // --- the connection ----------------------------------------------------------------------------------------------------------

  #connect(): void {
    if (this.#port === undefined) return;
    const inode = inodeOf(this.#path);
    const socket = connect(this.#path);
    this.#socket = socket;
    if (this.#wasConnected) socket.unref();
    const input = new NetWorkBuffer();
    let cause: Error | undefined;
    const handshake = new NodeHandshake(this.#secret);
    let isAnswered = false;
    setTimeout(() => {
      if (this.#socket === socket && !this.#isTrusted) socket.destroy(untrusted(this.#path));
    }, HANDSHAKE_MS).unref();
    socket.on('data', (chunk: Buffer) => {
      try {
        input.addBuffer(chunk);
        if (!isAnswered) {
          if (input.getBufferLength() < NONCE_BYTES) return;
          isAnswered = true;
          socket.write(handshake.answer(taken(input, NONCE_BYTES)));
        }
        if (!this.#isTrusted) {
          if (input.getBufferLength() < CONFIRMATION_BYTES) return;
          if (!handshake.isConfirmed(taken(input, CONFIRMATION_BYTES))) throw untrusted(this.#path);
          this.#trusted();
        }
        this.#takeAll(input);
      } catch (error) {
        // What it says is none of a broker: it is let go, and asked anew.
        socket.destroy(TarsException.from(error));
      }
    });
    socket.on('error', (error) => {
      cause = error;
      this.#stale = inode;
      // A broker that is not there yet is no fault.
      if (error instanceof TarsException) this.#port?.failed(error);
    });
    socket.on('close', () => {
      // A broker lets strangers go without a word.
      if (isAnswered && !this.#isTrusted && cause === undefined) {
        cause = untrusted(this.#path);
        this.#port?.failed(cause);
      }
      this.#closed(cause ?? new Error('the broker has closed the connection'));
    });
  }

  #trusted(): void {
    this.#isTrusted = true;
    this.#failures = 0;
    this.#mirror.begin();
    this.#greet();
  }

  #takeAll(input: NetWorkBuffer): void {
    for (;;) {
      const packet = new ByteVector();
      const type = brokerParser(input, packet);
      if (type === PacketType.PACKET_LESS) return;
      if (type !== PacketType.PACKET_FULL) throw new Error('no message of a broker');
      this.#take(decodeMessage(packet.data()) as BrokerNews);
    }
  }

  /** It is connected when the broker knows who this is and which channels it listens to. */
  #greet(): void {
    for (const channel of this.#channels) this.#send({ op: 'listen', channel });
    this.#request({ op: 'hello', node: this.#node }).then(
      () => {
        this.#isConnected = true;
        // Whoever waits for the begin keeps the process; once it has begun, the program's own ports do.
        this.#wasConnected = true;
        this.#socket?.unref();
        this.#port?.connected();
      },
      () => undefined,
    );
  }

  #closed(cause: Error): void {
    this.#socket = undefined;
    this.#isTrusted = false;
    this.#fail(cause);
    if (this.#isConnected) {
      this.#isConnected = false;
      this.#port?.disconnected(cause);
    }
    this.#failures++;
    const limitMs = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** Math.min(this.#failures, 10));
    this.#retry = setTimeout(() => void this.#again(), Math.random() * limitMs);
    if (this.#wasConnected) this.#retry.unref();
  }

  async #again(): Promise<void> {
    if (this.#port === undefined) return;
    if (this.#mayServe && this.#failures >= ATTEMPTS) {
      try {
        // One that was replaced is of no use any more.
        await this.rest();
        await this.serve();
      } catch (error) {
        this.#port?.failed(error);
      }
    }
    this.#connect();
  }

  #fail(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #take(news: BrokerNews): void {
    if ('re' in news) {
      const waiting = this.#waiting.get(news.re);
      this.#waiting.delete(news.re);
      if ('error' in news) waiting?.reject(new Error(news.error));
      else waiting?.resolve(news.value);
    } else if (news.ev === 'entry') {
      this.#mirror.entry(news.entry);
      this.#port?.entry(news.entry.sequence, news.entry.bytes);
    } else if (news.ev === 'cast') {
      if (this.#channels.has(news.channel)) this.#port?.received(news.channel, news.bytes);
    } else if (news.ev === 'value') this.#mirror.value(news.key, news.value);
    else this.#mirror.log(news.info);
  }

  #send(request: BrokerRequest): void {
    // Nothing is said to a stranger; what is listened to is said with the greeting.
    if (this.#isTrusted) this.#socket?.write(encodeMessage(request));
  }

  #request(call: Call): Promise<unknown> {
    if (this.#socket === undefined || !this.#isTrusted) return Promise.reject(new Error('there is no broker'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ ...call, id } as BrokerRequest);
    });
  }

  /** As {@link #request}, once the broker knows who this is. */
  async #ask<T>(call: Call): Promise<T> {
    if (!this.#isConnected) throw new Error('there is no broker');
    return (await this.#request(call)) as T;
  }

  // --- what it can do ------------------------------------------------------------------------------------------------------------

  log(): Promise<LogInfo> {
    return this.#ask({ op: 'log' });
  }

  entryAt(sequence: number): Promise<Uint8Array | undefined> {
    return this.#ask({ op: 'entryAt', sequence });
  }

  renew(epoch: string): Promise<void> {
    return this.#ask({ op: 'renew', epoch });
  }

  follow(after: number): void {
    this.#send({ op: 'follow', after });
  }

  append(entry: LogEntry): Promise<number> {
    return this.#ask({ op: 'append', entry });
  }

  cast(channel: string, bytes: Uint8Array): Promise<void> {
    return this.#ask({ op: 'cast', channel, bytes });
  }

  listen(channel: string): void {
    this.#channels.add(channel);
    this.#send({ op: 'listen', channel });
  }

  unlisten(channel: string): void {
    this.#channels.delete(channel);
    this.#send({ op: 'unlisten', channel });
  }

  put(key: string, record: StoredRecord, ttlMs: number, isNew: boolean): Promise<boolean> {
    return this.#ask({ op: 'put', key, record, ttlMs, isNew });
  }

  get(key: string): Promise<StoredRecord | undefined> {
    return this.#ask({ op: 'get', key });
  }

  remove(key: string, version: number): Promise<void> {
    return this.#ask({ op: 'remove', key, version });
  }

  lease(ttlMs: number): Promise<void> {
    return this.#ask({ op: 'lease', ttlMs });
  }

  nodes(): Promise<string[]> {
    return this.#ask({ op: 'nodes' });
  }
}

/** Takes so many bytes out of what was received. */
function taken(input: NetWorkBuffer, bytes: number): Uint8Array {
  const found = Uint8Array.from(input.getHeader(bytes));
  input.moveHeader(bytes);
  return found;
}

function untrusted(path: string): TarsException {
  return new TarsException(
    `whoever listens at ${path} does not know the secret of this hub, or is none of its processes`,
    {
      code: 'TARSIER_PUSH_ENGINE',
      where: { file: path },
    },
  );
}
