import type { Engine, EnginePort, LogEntry, LogInfo, StoredRecord } from './engine.js';

/** A clock, virtual or not. */
interface Clock {
  now(): number;
  schedule(ms: number, run: () => void): unknown;
}

interface Entry {
  readonly node: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** An engine in memory that several hubs of one process share; its outages are those of the test. */
export class MemoryCluster {
  readonly time: Clock;
  delayMs: number;
  epoch = 1;
  /** The number of the entry before the first that is kept. */
  trimmed = 0;
  entries: Entry[] = [];
  readonly values = new Map<string, StoredRecord & { readonly untilMs: number }>();
  readonly leases = new Map<string, number>();
  readonly engines = new Set<MemoryEngine>();
  isUp = true;

  constructor(time: Clock, delayMs = 1) {
    this.time = time;
    this.delayMs = delayMs;
  }

  engine(): MemoryEngine {
    const engine = new MemoryEngine(this);
    this.engines.add(engine);
    return engine;
  }

  get last(): number {
    return this.trimmed + this.entries.length;
  }

  /** Nobody can reach it. */
  stop(): void {
    this.isUp = false;
    for (const engine of this.engines) engine.cut('the engine was stopped');
  }

  start(): void {
    this.isUp = true;
    for (const engine of this.engines) engine.join();
  }

  /** It has nothing any more. */
  wipe(): void {
    this.epoch++;
    this.trimmed = 0;
    this.entries = [];
    this.values.clear();
    this.leases.clear();
  }

  /** It keeps only the newest so many. */
  trim(keep: number): void {
    const drop = Math.max(0, this.entries.length - keep);
    this.entries.splice(0, drop);
    this.trimmed += drop;
  }

  later(run: () => void): void {
    this.time.schedule(this.delayMs, run);
  }
}

/** How one hub reaches a {@link MemoryCluster}. */
export class MemoryEngine implements Engine {
  readonly name = 'memory';
  readonly #cluster: MemoryCluster;
  readonly #channels = new Set<string>();
  #port: EnginePort | undefined;
  #node = '';
  #isConnected = false;
  #isCut = false;
  #connection = 0;
  #followed = -1;
  /** What waits for an answer. */
  readonly #calls = new Set<(error: Error) => void>();
  /** The next append is stored, and its answer lost. */
  losesAnswer = false;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  async open(port: EnginePort, node: string): Promise<void> {
    this.#port = port;
    this.#node = node;
    this.join();
  }

  async close(): Promise<void> {
    this.#isConnected = false;
    this.#port = undefined;
    this.#connection++;
    this.#fail('closed');
    this.#cluster.engines.delete(this);
  }

  /** This node alone cannot reach the engine. */
  partition(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) this.cut('cut off');
    else this.join();
  }

  /** It ends without a word, as a process that is killed. */
  die(): void {
    this.#port = undefined;
    this.#isConnected = false;
    this.#connection++;
    this.#cluster.engines.delete(this);
  }

  cut(reason: string): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#connection++;
    this.#followed = -1;
    this.#fail(reason);
    this.#port?.disconnected(new Error(reason));
  }

  #fail(reason: string): void {
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const fail of calls) fail(new Error(reason));
  }

  join(): void {
    this.#cluster.later(() => {
      if (this.#isConnected || this.#isCut || !this.#cluster.isUp || this.#port === undefined) return;
      this.#isConnected = true;
      this.#port.connected();
    });
  }

  /** There and back again. */
  #call<T>(run: () => T, isLost = false): Promise<T> {
    if (!this.#isConnected) return Promise.reject(new Error('not connected'));
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      this.#calls.add(reject);
      this.#cluster.later(() => {
        if (connection !== this.#connection) return;
        let result: T;
        try {
          result = run();
        } catch (error) {
          this.#calls.delete(reject);
          reject(error as Error);
          return;
        }
        if (isLost) return;
        this.#cluster.later(() => {
          if (connection !== this.#connection) return;
          this.#calls.delete(reject);
          resolve(result);
        });
      });
    });
  }

  log(): Promise<LogInfo> {
    const cluster = this.#cluster;
    return this.#call(() => ({ epoch: String(cluster.epoch), first: cluster.trimmed + 1, last: cluster.last }));
  }

  entryAt(sequence: number): Promise<Uint8Array | undefined> {
    return this.#call(() => this.#cluster.entries[sequence - this.#cluster.trimmed - 1]?.bytes);
  }

  renew(epoch: string): Promise<void> {
    return this.#call(() => {
      if (epoch !== String(this.#cluster.epoch)) return;
      this.#cluster.epoch++;
      this.#cluster.trimmed = this.#cluster.last;
      this.#cluster.entries = [];
    });
  }

  follow(after: number): void {
    this.#followed = after;
    this.tell();
  }

  /** Sends what is new to who follows. */
  tell(): void {
    const connection = this.#connection;
    this.#cluster.later(() => {
      const { entries, trimmed } = this.#cluster;
      while (this.#followed >= 0 && connection === this.#connection) {
        const next = Math.max(this.#followed, trimmed) + 1;
        const entry = entries[next - trimmed - 1];
        if (entry === undefined) return;
        this.#followed = next;
        this.#port?.entry(next, entry.bytes);
      }
    });
  }

  append({ number, bytes, epoch }: LogEntry): Promise<number> {
    const isLost = this.losesAnswer;
    this.losesAnswer = false;
    return this.#call(() => {
      const cluster = this.#cluster;
      if (epoch !== String(cluster.epoch)) throw new Error('another epoch');
      const known = cluster.entries.findIndex((entry) => entry.node === this.#node && entry.number === number);
      if (known >= 0) return cluster.trimmed + known + 1;
      cluster.entries.push({ node: this.#node, number, bytes });
      for (const engine of cluster.engines) engine.tell();
      return cluster.last;
    }, isLost);
  }

  cast(channel: string, bytes: Uint8Array): Promise<void> {
    return this.#call(() => {
      for (const engine of this.#cluster.engines) engine.take(channel, bytes);
    });
  }

  take(channel: string, bytes: Uint8Array): void {
    if (this.#isConnected && this.#channels.has(channel)) this.#port?.received(channel, bytes);
  }

  listen(channel: string): void {
    this.#channels.add(channel);
  }

  unlisten(channel: string): void {
    this.#channels.delete(channel);
  }

  #value(key: string): StoredRecord | undefined {
    const value = this.#cluster.values.get(key);
    return value === undefined || value.untilMs <= this.#cluster.time.now() ? undefined : value;
  }

  put(key: string, record: StoredRecord, ttlMs: number): Promise<boolean> {
    return this.#call(() => {
      if ((this.#value(key)?.version ?? 0) > record.version) return false;
      this.#cluster.values.set(key, { ...record, untilMs: this.#cluster.time.now() + ttlMs });
      return true;
    });
  }

  get(key: string): Promise<StoredRecord | undefined> {
    return this.#call(() => this.#value(key));
  }

  remove(key: string, version: number): Promise<void> {
    return this.#call(() => {
      if ((this.#value(key)?.version ?? 0) <= version) this.#cluster.values.delete(key);
    });
  }

  lease(ttlMs: number): Promise<void> {
    return this.#call(() => {
      this.#cluster.leases.set(this.#node, this.#cluster.time.now() + ttlMs);
    });
  }

  nodes(): Promise<string[]> {
    return this.#call(() =>
      [...this.#cluster.leases].filter(([, untilMs]) => untilMs > this.#cluster.time.now()).map(([node]) => node),
    );
  }
}
