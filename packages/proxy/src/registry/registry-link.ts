import type { ResolveTarget } from '../resolve/resolver.js';
import { type FoundNodes, QueryFProxy } from './query-f.js';

/** No answer within it is a failure. Source: QueryEpBase (TarsCpp). */
const TIMEOUT_MS = 5000;

/** The connection to one registry, for as long as somebody needs it. */
export class RegistryLink extends QueryFProxy {
  #users = 0;

  /** Somebody will ask. */
  use(): void {
    this.#users++;
    this.openKeepalive(false);
  }

  /** And asks no more: the last one closes it. */
  release(): void {
    this.#users--;
    if (this.#users === 0) void this.close();
  }

  /** Asks for the nodes of an object: those of its set, or those near by. */
  find({ name, setName }: ResolveTarget, nodeName: string, signal: AbortSignal): Promise<FoundNodes> {
    const context = nodeName === '' ? {} : { node_name: nodeName };
    const options = { timeoutMs: TIMEOUT_MS, idempotent: true, signal, context };
    return setName === undefined
      ? this.findObjectByIdInSameGroup(name, options)
      : this.findObjectByIdInSameSet(name, setName, options);
  }
}
