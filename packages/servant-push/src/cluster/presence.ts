import { checkDurationMs, encodeUtf8 } from '@tarsier/framework';
import type { BackplanePort, PresenceState } from '../backplane/backplane.js';
import { after } from '../client/session-time.js';
import { AddressKind } from '../hub/hub-message.js';
import type { Engine } from './engine.js';
import { PresenceIndex } from './presence-index.js';
import { decodePresence, type PresenceMessage } from './presence-message.js';

/** Channels of the nodes themselves; those of addresses have a colon as their second character. */
export const NODES_CHANNEL = 'nodes';

/** The channel of one node. */
export function channelOf(node: string): string {
  return `node/${node}`;
}

const BATCH_MS = 100;
/** Addresses in one message. */
const CHUNK = 1000;
/** A snapshot is not asked for again before that. */
const ASK_MS = 1000;
/** A node is not told everything again before that: less than it waits before it asks again. */
const TELL_MS = ASK_MS / 2;

/**
 * Who is on which node. Each node holds a lease in the engine while it lives, tells the others what changes, a batch at a time, and everything when
 * they ask; so queries are answered here.
 */
export class Presence {
  readonly #engine: Engine;
  readonly #port: BackplanePort;
  readonly #node: string;
  readonly #leaseMs: number;
  readonly #index = new PresenceIndex();
  readonly #dirty = new Set<string>();
  readonly #asked = new Map<string, number>();
  /** When a node was last told everything. */
  readonly #told = new Map<string, number>();
  /** Nodes that were heard of since the engine was last asked for them. */
  #heard = new Set<string>();
  #version = 0;
  #isUp = false;
  #isComplete = false;
  #stopBatch: (() => void) | undefined;
  #stopBeat: (() => void) | undefined;

  constructor(engine: Engine, port: BackplanePort, node: string, leaseMs: number) {
    this.#engine = engine;
    this.#port = port;
    this.#node = node;
    this.#leaseMs = checkDurationMs('leaseMs', leaseMs, { min: 100 });
    engine.listen(NODES_CHANNEL);
    engine.listen(channelOf(node));
  }

  elsewhere(address: string): number {
    return this.#index.sum(address);
  }

  state(): PresenceState {
    const { waiting, size } = this.#index;
    return { nodes: size + 1, isPartial: !this.#isUp || !this.#isComplete || waiting > 0, waiting };
  }

  /** The engine is there. */
  up(): void {
    this.#isUp = true;
    this.#isComplete = false;
    this.#stopBeat?.();
    this.#stopBeat = this.#port.time.every(this.#leaseMs / 2, () => void this.#beat(), false);
    void this.#beat();
  }

  /** It is away: what is known stays, as something old. */
  down(): void {
    this.#isUp = false;
    this.#stopBeat?.();
    this.#stopBeat = undefined;
  }

  /** This node leaves. */
  async leave(): Promise<void> {
    const wasUp = this.#isUp;
    this.down();
    this.#stopBatch?.();
    if (!wasUp) return;
    await this.#engine.lease(0);
    await this.#engine.cast(NODES_CHANNEL, encode({ k: 'bye', n: this.#node }));
  }

  changed(address: string): void {
    // Nobody asks for those of sessions.
    if (address.startsWith(AddressKind.SESSION)) return;
    this.#dirty.add(address);
    this.#stopBatch ??= after(this.#port.time, BATCH_MS, () => {
      this.#stopBatch = undefined;
      this.#tellChanges();
    });
  }

  #tellChanges(): void {
    const counts = Array.from(this.#dirty, (address) => [address, this.#port.countHere(address)] as const);
    this.#dirty.clear();
    for (let i = 0; i < counts.length; i += CHUNK) {
      this.#version++;
      // In an outage the version tells later that something is missing.
      if (this.#isUp) this.#send({ k: 'change', n: this.#node, v: this.#version, c: counts.slice(i, i + CHUNK) });
    }
  }

  async #beat(): Promise<void> {
    try {
      await this.#engine.lease(this.#leaseMs);
      this.#send({ k: 'beat', n: this.#node, v: this.#version });
      this.#heard = new Set();
      const nodes = new Set(await this.#engine.nodes());
      for (const node of Array.from(this.#index.names())) {
        if (!nodes.has(node) && !this.#heard.has(node)) this.#index.leave(node);
      }
      for (const node of nodes) if (node !== this.#node && this.#index.meet(node)) this.#ask(node);
      this.#isComplete = true;
    } catch {
      // The next beat tries again. When the engine is away, the backplane says so.
      this.#isComplete = false;
    }
  }

  #ask(node: string): void {
    const nowMs = this.#port.time.now();
    if (nowMs - (this.#asked.get(node) ?? Number.NEGATIVE_INFINITY) < ASK_MS) return;
    this.#asked.set(node, nowMs);
    this.#send({ k: 'ask', n: this.#node }, channelOf(node));
  }

  /** @throws when the message is none of presence. */
  received(bytes: Uint8Array): void {
    const message = decodePresence(bytes);
    if (message.n === this.#node) return;
    this.#heard.add(message.n);
    switch (message.k) {
      case 'change':
        if (!this.#index.change(message.n, message.v, message.c)) this.#ask(message.n);
        break;
      case 'beat':
        this.#index.meet(message.n);
        if (this.#index.isBehind(message.n, message.v)) this.#ask(message.n);
        break;
      case 'ask':
        this.#answer(message.n);
        break;
      case 'all':
        this.#asked.delete(message.n);
        this.#index.snapshot(message.n, message.v, message.part, message.of, message.c);
        break;
      case 'bye':
        this.#index.leave(message.n);
        this.#asked.delete(message.n);
        break;
      default:
        message satisfies never;
    }
  }

  /** Everything is told once in a while only, however often a node asks. */
  #answer(node: string): void {
    const nowMs = this.#port.time.now();
    if (nowMs - (this.#told.get(node) ?? Number.NEGATIVE_INFINITY) < TELL_MS) return;
    for (const [known, atMs] of this.#told) if (nowMs - atMs >= TELL_MS) this.#told.delete(known);
    this.#told.set(node, nowMs);
    this.#tellAll(node);
  }

  #tellAll(node: string): void {
    // What is not told yet is in it, and comes again without harm.
    const counts: (readonly [string, number])[] = [];
    for (const address of this.#port.addresses()) {
      if (!address.startsWith(AddressKind.SESSION)) counts.push([address, this.#port.countHere(address)]);
    }
    const of = Math.max(1, Math.ceil(counts.length / CHUNK));
    for (let part = 0; part < of; part++) {
      const c = counts.slice(part * CHUNK, (part + 1) * CHUNK);
      this.#send({ k: 'all', n: this.#node, v: this.#version, part, of, c }, channelOf(node));
    }
  }

  #send(message: PresenceMessage, channel: string = NODES_CHANNEL): void {
    // What is lost is noticed by its version.
    this.#engine.cast(channel, encode(message)).catch(() => undefined);
  }
}

function encode(message: PresenceMessage): Uint8Array {
  return encodeUtf8(JSON.stringify(message));
}
