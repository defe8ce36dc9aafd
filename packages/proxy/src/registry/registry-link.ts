import type { ResolveTarget } from '../resolve/resolver.js';
import { type FoundNodes, QueryFProxy } from './query-f.js';

/** No answer within it is a failure. Source: QueryEpBase (TarsCpp). */
const TIMEOUT_MS = 5000;

/**
 * The way to one registry: connected while somebody asks. In between it is not, because a registry closes connections that are idle, and
 * that would be told as a loss each minute.
 */
export class RegistryLink extends QueryFProxy {
  #asking = 0;

  /** Asks for the nodes of an object: those of its set, or those near by. */
  async find({ name, setName }: ResolveTarget, nodeName: string, signal: AbortSignal): Promise<FoundNodes> {
    const context = nodeName === '' ? {} : { node_name: nodeName };
    const options = { timeoutMs: TIMEOUT_MS, idempotent: true, signal, context };
    this.#asking++;
    try {
      return await (setName === undefined
        ? this.findObjectByIdInSameGroup(name, options)
        : this.findObjectByIdInSameSet(name, setName, options));
    } finally {
      this.#asking--;
      if (this.#asking === 0) void this.close();
    }
  }
}
