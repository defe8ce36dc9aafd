import { LOG } from '@tarsier/framework';
import type { RegisteredServer } from '@tarsier/framework/internal';
import { checkCount, checkDurationMs, TarsException, type TimeSource } from '@tarsier/protocol';
import { EndpointF } from '@tarsier/proxy';
import { systemTime } from '@tarsier/proxy/internal';
import { checkRegistration } from './check-registration.js';
import { keyOfEndpoint, type TableEntry } from './table-entry.js';

const SWEEP_MS = 1000;

/** What a {@link NodeTable} is given. */
export interface NodeTableOptions {
  /** Instead of the clock of the environment, for tests. */
  readonly time?: Pick<TimeSource, 'now'>;
  /** How long a node is told as inactive whose lease is over, in ms; then it is forgotten. Default ten minutes. */
  readonly removeAfterMs?: number;
  /** Nodes of all objects together; more are refused. Default 100 000. */
  readonly maxNodes?: number;
}

/** A node that nobody has to renew. */
export interface StaticNode {
  /** With `setId` and `nodeName`, if it has them. */
  readonly endpoint: EndpointF;
  readonly station?: string;
  /** False: it is told as inactive. True unless told. */
  readonly isActive?: boolean;
}

/** The nodes of an object. */
export interface FoundInTable {
  readonly active: readonly EndpointF[];
  readonly inactive: readonly EndpointF[];
}

/** Nodes that a line names; of the others it says how many they are. */
const NAMED_NODES = 10;

/** One line for a server, however many nodes it has. */
function tell(text: string, instance: string, nodes: readonly string[], level: 'info' | 'warn' = 'info'): void {
  if (nodes.length === 0) return;
  LOG[level](text, { instance, count: nodes.length, nodes: nodes.slice(0, NAMED_NODES) });
}

/** Objects and their nodes, in memory: entered by hand, or registered for a time. */
export class NodeTable {
  readonly #time: Pick<TimeSource, 'now'>;
  readonly #removeAfterMs: number;
  readonly #maxNodes: number;
  /** By object, and by endpoint. */
  readonly #objects = new Map<string, Map<string, TableEntry>>();
  /** By the instance that has registered them. */
  readonly #servers = new Map<string, Set<TableEntry>>();
  /** Of nodes whose lease is over, those that were spoken of. */
  readonly #mourned = new Set<TableEntry>();
  #size = 0;
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor({ time = systemTime, removeAfterMs = 600_000, maxNodes = 100_000 }: NodeTableOptions = {}) {
    this.#time = time;
    this.#removeAfterMs = checkDurationMs('removeAfterMs', removeAfterMs, { min: 0 });
    this.#maxNodes = checkCount('maxNodes', maxNodes);
  }

  /** Nodes of all objects, inactive ones too. */
  get size(): number {
    return this.#size;
  }

  /**
   * Enters a node that stays until it is overwritten: what registers the same endpoint changes nothing.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` when the table is full.
   */
  add(obj: string, { endpoint, station = '', isActive = true }: StaticNode): void {
    this.#put({ obj, endpoint, station, isActive, instance: '', leaseEndMs: Number.POSITIVE_INFINITY });
  }

  /**
   * Makes or renews the nodes of a server: it serves these and no others. An endpoint that another has registered is taken over.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what clients could make nothing of, and when the table is full.
   */
  register(server: RegisteredServer, leaseMs: number): void {
    checkRegistration(server, leaseMs);
    this.sweep();
    const { instance, setId, nodeName, station } = server;
    const leaseEndMs = this.#time.now() + leaseMs;
    const before = this.#entriesOf(instance);
    const after = new Set<string>();
    const fresh: string[] = [];
    for (const { obj, endpoint } of server.servants) {
      const key = keyOfEndpoint(endpoint);
      after.add(`${obj} ${key}`);
      const found = this.#objects.get(obj)?.get(key);
      if (found?.instance === '') continue;
      if (found?.instance !== instance) fresh.push(`${obj}@${key}`);
      const full = EndpointF.create(endpoint);
      full.setId = setId;
      full.nodeName = nodeName;
      this.#put({ obj, endpoint: full, station, instance, isActive: true, leaseEndMs });
    }
    tell('a server was registered', instance, fresh);
    for (const entry of before) if (!after.has(`${entry.obj} ${keyOfEndpoint(entry.endpoint)}`)) this.#remove(entry);
  }

  /** Forgets the nodes of a server. @returns how many there were. */
  unregister(instance: string): number {
    const entries = instance === '' ? [] : this.#entriesOf(instance);
    for (const entry of entries) this.#remove(entry);
    if (entries.length > 0) LOG.info('a server has left', { instance, nodes: entries.length });
    return entries.length;
  }

  /**
   * The nodes of an object, in the order in which they came.
   *
   * @param pick which of them are meant; all unless given.
   */
  find(
    obj: string,
    pick: (entries: readonly TableEntry[]) => readonly TableEntry[] = (entries) => entries,
  ): FoundInTable {
    this.sweep();
    const picked = pick([...(this.#objects.get(obj)?.values() ?? [])]);
    const nowMs = this.#time.now();
    const isUp = (entry: TableEntry): boolean => entry.isActive && nowMs < entry.leaseEndMs;
    return {
      active: picked.filter(isUp).map(({ endpoint }) => endpoint),
      inactive: picked.filter((entry) => !isUp(entry)).map(({ endpoint }) => endpoint),
    };
  }

  /** Forgets nodes that are inactive for too long, no more often than each second. Every other call does so as well. */
  sweep(): void {
    const nowMs = this.#time.now();
    if (nowMs - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    for (const [instance, entries] of Array.from(this.#servers)) {
      const over: string[] = [];
      const forgotten: string[] = [];
      for (const entry of Array.from(entries)) {
        if (nowMs < entry.leaseEndMs) continue;
        const node = `${entry.obj}@${keyOfEndpoint(entry.endpoint)}`;
        if (nowMs >= entry.leaseEndMs + this.#removeAfterMs) {
          this.#remove(entry);
          forgotten.push(node);
        } else if (!this.#mourned.has(entry)) {
          this.#mourned.add(entry);
          over.push(node);
        }
      }
      tell('the lease of a server is over: its nodes are inactive', instance, over, 'warn');
      tell('nodes that were inactive are forgotten', instance, forgotten);
    }
  }

  #entriesOf(instance: string): TableEntry[] {
    return [...(this.#servers.get(instance) ?? [])];
  }

  #put(entry: TableEntry): void {
    const key = keyOfEndpoint(entry.endpoint);
    let nodes = this.#objects.get(entry.obj);
    const old = nodes?.get(key);
    if (old === undefined && this.#size >= this.#maxNodes) {
      const text = `the registry has ${this.#maxNodes} nodes, and takes no more; raise maxNodes`;
      throw new TarsException(text, { code: 'TARSIER_INVALID_ARGUMENT' });
    }
    if (nodes === undefined) this.#objects.set(entry.obj, (nodes = new Map<string, TableEntry>()));
    if (old === undefined) this.#size++;
    else this.#forget(old);
    nodes.set(key, entry);
    if (entry.instance === '') return;
    const ofServer = this.#servers.get(entry.instance);
    if (ofServer === undefined) this.#servers.set(entry.instance, new Set([entry]));
    else ofServer.add(entry);
  }

  #remove(entry: TableEntry): void {
    const nodes = this.#objects.get(entry.obj);
    if (nodes?.delete(keyOfEndpoint(entry.endpoint)) !== true) return;
    this.#size--;
    this.#forget(entry);
    if (nodes.size === 0) this.#objects.delete(entry.obj);
  }

  #forget(entry: TableEntry): void {
    this.#mourned.delete(entry);
    const ofServer = this.#servers.get(entry.instance);
    ofServer?.delete(entry);
    if (ofServer?.size === 0) this.#servers.delete(entry.instance);
  }
}
