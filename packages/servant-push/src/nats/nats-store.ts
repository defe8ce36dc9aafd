import type { KV, Kvm } from '@nats-io/kv';
import { tokenOf } from '../cluster/address-token.js';
import type { StoredRecord } from '../cluster/engine.js';

/** Version in front of a value: uint32. */
const VERSION_BYTES = 4;
const ATTEMPTS = 5;

/** Values with versions in a bucket of NATS, which forgets what is not renewed. */
export class NatsStore {
  readonly #kvm: Kvm;
  readonly #bucket: string;
  readonly #replicas: number;
  /** The revisions that this node has written last: most values are written by one node only. */
  readonly #revisions = new Map<string, number>();
  #opened: Promise<KV> | undefined;

  constructor(kvm: Kvm, bucket: string, replicas: number) {
    this.#kvm = kvm;
    this.#bucket = bucket;
    this.#replicas = replicas;
  }

  /** The bucket; its time is that of the first value, since all values of a hub live equally long. */
  #open(ttlMs: number): Promise<KV> {
    this.#opened ??= this.#create(ttlMs).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #create(ttlMs: number): Promise<KV> {
    const options = { history: 1, replicas: this.#replicas, allow_direct: false };
    try {
      return await this.#kvm.create(this.#bucket, { ...options, ttl: ttlMs });
    } catch (error) {
      // It is there with another time.
      const bucket = await this.#kvm.open(this.#bucket, options);
      await bucket.status().catch(() => {
        throw error;
      });
      return bucket;
    }
  }

  async put(key: string, { version, bytes }: StoredRecord, ttlMs: number): Promise<boolean> {
    const bucket = await this.#open(ttlMs);
    const name = tokenOf(key);
    const value = new Uint8Array(VERSION_BYTES + bytes.length);
    new DataView(value.buffer).setUint32(0, version);
    value.set(bytes, VERSION_BYTES);
    for (let attempt = 1; ; attempt++) {
      try {
        const known = this.#revisions.get(name);
        this.#revisions.set(
          name,
          await (known === undefined ? bucket.create(name, value) : bucket.update(name, value, known)),
        );
        return true;
      } catch (error) {
        // Somebody else has written it, or it was forgotten: what is there now?
        if (attempt === ATTEMPTS) throw error;
        const entry = await bucket.get(name);
        if (entry === null || entry.operation !== 'PUT') this.#revisions.delete(name);
        else if (versionOf(entry.value) > version) {
          this.#revisions.delete(name);
          return false;
        } else this.#revisions.set(name, entry.revision);
      }
    }
  }

  async get(key: string, ttlMs: number): Promise<StoredRecord | undefined> {
    const bucket = await this.#open(ttlMs);
    const entry = await bucket.get(tokenOf(key));
    if (entry === null || entry.operation !== 'PUT') return undefined;
    return { version: versionOf(entry.value), bytes: entry.value.subarray(VERSION_BYTES) };
  }

  async remove(key: string, version: number, ttlMs: number): Promise<void> {
    const bucket = await this.#open(ttlMs);
    const name = tokenOf(key);
    const entry = await bucket.get(name);
    this.#revisions.delete(name);
    if (entry !== null && entry.operation === 'PUT' && versionOf(entry.value) <= version) await bucket.purge(name);
  }
}

function versionOf(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(0);
}
