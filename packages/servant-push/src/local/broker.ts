import { randomUUID } from 'node:crypto';
import type { LogEntry, LogInfo, StoredRecord } from '../cluster/engine.js';
import type { BrokerEntry, BrokerNews, BrokerRequest, BrokerValue } from './broker-messages.js';

/** What is kept of the log. */
export interface BrokerLimits {
  readonly bytes: number;
  readonly entries: number;
}

export const defaultBrokerLimits: BrokerLimits = { bytes: 134_217_728, entries: 200_000 };

/** What a broker begins with that takes the place of another. */
export interface BrokerSeed {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly entries: readonly BrokerEntry[];
  readonly values: ReadonlyMap<string, BrokerValue>;
}

/** A node, as the broker sees it. */
export interface BrokerPeer {
  send(news: BrokerNews): void;
}

interface Kept extends BrokerValue {
  readonly untilMs: number;
}

interface Node {
  readonly peer: BrokerPeer;
  name: string;
  /** It follows the log. */
  isFollowing: boolean;
}

/**
 * What an engine is for the processes of one machine, with nothing installed: a log, channels, and values that are forgotten, all in the memory
 * of one of them. It is told requests and gives answers; sockets are others' business.
 */
export class Broker {
  #epoch: string;
  #last = 0;
  #entries: BrokerEntry[] = [];
  #bytes = 0;
  /** By node: the last entry of it, because a request whose answer was lost is made again. */
  readonly #lastOf = new Map<string, { readonly number: number; readonly sequence: number }>();
  readonly #values = new Map<string, Kept>();
  readonly #leases = new Map<string, number>();
  readonly #nodes = new Map<BrokerPeer, Node>();
  readonly #channels = new Map<string, Set<Node>>();
  readonly #limits: BrokerLimits;
  readonly #now: () => number;

  constructor(now: () => number, limits: BrokerLimits = defaultBrokerLimits, seed?: BrokerSeed) {
    this.#now = now;
    this.#limits = limits;
    this.#epoch = seed?.epoch ?? randomUUID();
    if (seed === undefined) return;
    this.#last = seed.last;
    for (const entry of seed.entries) {
      const { node, number, sequence, bytes } = entry;
      this.#entries.push(entry);
      this.#bytes += bytes.length;
      this.#lastOf.set(node, { number, sequence });
    }
    for (const [key, value] of seed.values) this.#values.set(key, { ...value, untilMs: now() + value.ttlMs });
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Nodes that are connected. */
  get size(): number {
    return this.#nodes.size;
  }

  #info(): LogInfo {
    return { epoch: this.#epoch, first: this.#entries[0]?.sequence ?? this.#last + 1, last: this.#last };
  }

  // --- nodes -----------------------------------------------------------------------------------------------------------------

  /** A node has connected: it is told what it needs to take this place. */
  connected(peer: BrokerPeer): void {
    this.#nodes.set(peer, { peer, name: '', isFollowing: false });
    peer.send({ ev: 'log', info: this.#info() });
    for (const [key, { record, untilMs }] of this.#values) {
      peer.send({ ev: 'value', key, value: { record, ttlMs: untilMs - this.#now() } });
    }
  }

  disconnected(peer: BrokerPeer): void {
    const node = this.#nodes.get(peer);
    if (node === undefined) return;
    this.#nodes.delete(peer);
    // A process that is gone is known at once here. What it has appended stays known: it may come back and ask again.
    this.#leases.delete(node.name);
    for (const [channel, listeners] of this.#channels) {
      listeners.delete(node);
      if (listeners.size === 0) this.#channels.delete(channel);
    }
  }

  /** A request of a node. */
  take(peer: BrokerPeer, request: BrokerRequest): void {
    const node = this.#nodes.get(peer);
    if (node === undefined) return;
    if (!('id' in request)) {
      this.#command(node, request);
      return;
    }
    const { id: re } = request;
    try {
      peer.send({ re, value: this.#answer(node, request) });
    } catch (error) {
      peer.send({ re, error: error instanceof Error ? error.message : String(error) });
    }
  }

  #command(node: Node, request: Exclude<BrokerRequest, { readonly id: number }>): void {
    if (request.op === 'follow') this.#follow(node, request.after);
    else if (request.op === 'listen') this.#listenersOf(request.channel).add(node);
    else {
      const listeners = this.#channels.get(request.channel);
      listeners?.delete(node);
      if (listeners?.size === 0) this.#channels.delete(request.channel);
    }
  }

  #listenersOf(channel: string): Set<Node> {
    let listeners = this.#channels.get(channel);
    if (listeners === undefined) this.#channels.set(channel, (listeners = new Set()));
    return listeners;
  }

  #answer(node: Node, request: Extract<BrokerRequest, { readonly id: number }>): unknown {
    switch (request.op) {
      case 'hello':
        node.name = request.node;
        return undefined;
      case 'log':
        return this.#info();
      case 'entryAt':
        return this.#entries[this.#indexOf(request.sequence)]?.bytes;
      case 'renew':
        this.#renew(request.epoch);
        return undefined;
      case 'append':
        return this.#append(node, request.entry);
      case 'cast':
        for (const listener of this.#channels.get(request.channel) ?? []) {
          listener.peer.send({ ev: 'cast', channel: request.channel, bytes: request.bytes });
        }
        return undefined;
      case 'put':
        return this.#put(request.key, request.record, request.ttlMs, request.isNew);
      case 'get':
        return this.#get(request.key)?.record;
      case 'remove':
        this.#remove(request.key, request.version);
        return undefined;
      case 'lease':
        if (request.ttlMs > 0) this.#leases.set(node.name, this.#now() + request.ttlMs);
        else this.#leases.delete(node.name);
        return undefined;
      case 'nodes':
        return this.#living();
      default:
        return request satisfies never;
    }
  }

  // --- the log ---------------------------------------------------------------------------------------------------------------

  /** Where an entry stands; -1 when it is not kept. */
  #indexOf(sequence: number): number {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#entries[middle]?.sequence ?? 0;
      if (found === sequence) return middle;
      if (found < sequence) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #append({ name }: Node, { number, bytes, epoch }: LogEntry): number {
    if (epoch !== this.#epoch) throw new Error(`the log has the epoch ${this.#epoch}, not ${epoch}`);
    const known = this.#lastOf.get(name);
    if (known !== undefined && number <= known.number) return number === known.number ? known.sequence : 0;
    const sequence = ++this.#last;
    const entry: BrokerEntry = { node: name, number, sequence, bytes };
    this.#lastOf.set(name, { number, sequence });
    this.#entries.push(entry);
    this.#bytes += bytes.length;
    this.#trim();
    // Before the answer: what was acknowledged is known to the others, of whom one may take this place.
    for (const { isFollowing, peer } of this.#nodes.values()) if (isFollowing) peer.send({ ev: 'entry', entry });
    return sequence;
  }

  #trim(): void {
    const { bytes, entries } = this.#limits;
    let drop = 0;
    let left = this.#bytes;
    while (this.#entries.length - drop > 1 && (left > bytes || this.#entries.length - drop > entries)) {
      left -= this.#entries[drop]?.bytes.length ?? 0;
      drop++;
    }
    // Seldom, and then many: cutting an array costs its length.
    if (drop === 0 || drop < Math.min(1024, this.#entries.length / 2)) return;
    this.#entries = this.#entries.slice(drop);
    this.#bytes = left;
  }

  #renew(epoch: string): void {
    if (epoch !== this.#epoch) return;
    this.#epoch = randomUUID();
    this.#entries = [];
    this.#bytes = 0;
    for (const { peer } of this.#nodes.values()) peer.send({ ev: 'log', info: this.#info() });
  }

  #follow(node: Node, after: number): void {
    node.isFollowing = true;
    for (const entry of this.#entries) if (entry.sequence > after) node.peer.send({ ev: 'entry', entry });
  }

  // --- values ----------------------------------------------------------------------------------------------------------------

  #get(key: string): Kept | undefined {
    const value = this.#values.get(key);
    if (value === undefined || value.untilMs > this.#now()) return value;
    this.#values.delete(key);
    return undefined;
  }

  #put(key: string, record: StoredRecord, ttlMs: number, isNew: boolean): boolean {
    if ((this.#get(key)?.record.version ?? 0) > record.version - (isNew ? 1 : 0)) return false;
    this.#values.set(key, { record, ttlMs, untilMs: this.#now() + ttlMs });
    for (const { peer } of this.#nodes.values()) peer.send({ ev: 'value', key, value: { record, ttlMs } });
    return true;
  }

  #remove(key: string, version: number): void {
    const known = this.#values.get(key);
    if (known === undefined || known.record.version > version) return;
    this.#values.delete(key);
    for (const { peer } of this.#nodes.values()) peer.send({ ev: 'value', key, value: undefined });
  }

  #living(): string[] {
    const nowMs = this.#now();
    return [...this.#leases].filter(([, untilMs]) => untilMs > nowMs).map(([name]) => name);
  }

  /** Drops what is over; to be called now and then. */
  sweep(): void {
    for (const key of Array.from(this.#values.keys())) this.#get(key);
    const nowMs = this.#now();
    for (const [name, untilMs] of this.#leases) if (untilMs <= nowMs) this.#leases.delete(name);
    const first = this.#entries[0]?.sequence ?? this.#last;
    const names = new Set(Array.from(this.#nodes.values(), ({ name }) => name));
    for (const [name, { sequence }] of this.#lastOf) {
      if (sequence < first && !names.has(name)) this.#lastOf.delete(name);
    }
  }
}
