import { decodeUtf8, encodeUtf8, TarsDecodeException, TarsException } from '@tarsier/framework';
import type { BackplanePort } from '../backplane/backplane.js';
import type { SessionRecord } from '../session/session-record.js';
import type { Engine } from './engine.js';

/** A session of a dead node is kept so much longer than its window: it is stored anew only now and then. */
const SPARE = 1.5;

/** The channel on which a node says which session it has taken. */
export const TAKEN_CHANNEL = 'taken';

/** A record on its way. */
interface Saving {
  record: SessionRecord;
  isWaiting: boolean;
  done: Promise<void>;
}

/** The records of sessions in the engine. The node with the highest version of a record has the session. */
export class SessionKeeper {
  readonly #engine: Engine;
  readonly #port: BackplanePort;
  readonly #node: string;
  readonly #saving = new Map<string, Saving>();

  constructor(engine: Engine, port: BackplanePort, node: string) {
    this.#engine = engine;
    this.#port = port;
    this.#node = node;
    engine.listen(TAKEN_CHANNEL);
  }

  get #ttlMs(): number {
    return Math.ceil(this.#port.windowMs * SPARE);
  }

  #put(record: SessionRecord, isNew: boolean): Promise<boolean> {
    const bytes = encodeUtf8(JSON.stringify(record));
    return this.#engine.put(keyOf(record.id), { version: record.version, bytes }, this.#ttlMs, isNew);
  }

  /** Rejects when the engine cannot be asked. One after the other for each session: an older record never comes behind a newer one. */
  save(record: SessionRecord): Promise<void> {
    const { id } = record;
    const before = this.#saving.get(id);
    if (before?.isWaiting === true) {
      before.record = record;
      return before.done;
    }
    const saving: Saving = { record, isWaiting: true, done: Promise.resolve() };
    const run = async (): Promise<void> => {
      await before?.done.catch(() => undefined);
      // What changes until it begins is in it.
      await Promise.resolve();
      saving.isWaiting = false;
      try {
        if (!(await this.#put(saving.record, false))) this.#port.released(id);
      } finally {
        if (this.#saving.get(id) === saving) this.#saving.delete(id);
      }
    };
    this.#saving.set(id, saving);
    saving.done = run();
    return saving.done;
  }

  /** Takes a session from the node that has it. */
  async take(id: string): Promise<SessionRecord | undefined> {
    // Once more when another node was quicker: the newest connection has it.
    for (let attempt = 0; attempt < 5; attempt++) {
      const stored = await this.#engine.get(keyOf(id));
      if (stored === undefined) return undefined;
      const record = recordOf(stored.bytes);
      // What is no record is no session; its time will be over.
      if (record === undefined) return undefined;
      const taken = { ...record, version: stored.version + 1 };
      if (!(await this.#put(taken, true))) continue;
      const news = encodeUtf8(JSON.stringify({ n: this.#node, id }));
      await this.#engine.cast(TAKEN_CHANNEL, news);
      return taken;
    }
    throw new TarsException('other nodes take the same session at the same time', { code: 'TARSIER_PUSH_ENGINE' });
  }

  async forget({ id, version }: SessionRecord): Promise<void> {
    await this.#saving.get(id)?.done.catch(() => undefined);
    await this.#engine.remove(keyOf(id), version);
  }

  /** @throws when the message is none of sessions. */
  received(bytes: Uint8Array): void {
    const news: unknown = JSON.parse(decodeUtf8(bytes));
    const { n, id } = (news ?? {}) as { n?: unknown; id?: unknown };
    if (typeof n !== 'string' || typeof id !== 'string')
      throw new TarsDecodeException('a message of the engine names no session');
    if (n !== this.#node) this.#port.released(id);
  }
}

/** @returns undefined for what something else has written. Whether all of its fields are sound is looked at when it is used. */
function recordOf(bytes: Uint8Array): SessionRecord | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    return typeof value === 'object' && value !== null ? (value as SessionRecord) : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(id: string): string {
  return `session/${id}`;
}
