import { LOG, TarsServant } from '@tarsier/framework';
import type { RegisteredServer } from '@tarsier/framework/internal';
import { cutText, TarsException, type TarsInterface } from '@tarsier/protocol';
import type { EndpointF, FoundNodes } from '@tarsier/proxy';
import { entriesOfSet, partsOfSet } from './entries-of-set.js';
import { type FoundInTable, NodeTable } from './node-table.js';
import { registryInterface } from './registry-interface.js';

/** Characters of a name that a line repeats. */
const MAX_TEXT = 100;
const WARNING_MS = 1000;

/**
 * Tells clients the nodes of objects, and takes the registrations of servers. There are no groups of machines: all nodes of an object are
 * near every caller.
 *
 * Source: QueryF (servant/protocol/framework/QueryF.tars, TarsCpp); registering is not of TARS.
 */
export class RegistryServant extends TarsServant {
  readonly tarsInterface: TarsInterface = registryInterface;
  readonly #table: NodeTable;
  #nextWarningMs = 0;

  /** @param table its own unless given; several servants may share one. */
  constructor(table: NodeTable = new NodeTable()) {
    super();
    this.#table = table;
  }

  /** The nodes that may be called. */
  findObjectById(id: string): EndpointF[] {
    return [...this.#table.find(id).active];
  }

  /** All nodes. */
  findObjectById4Any(id: string): FoundNodes {
    return answerOf(this.#table.find(id));
  }

  /** All nodes. */
  findObjectById4All(id: string): FoundNodes {
    return answerOf(this.#table.find(id));
  }

  /** All nodes, those of sets as well. */
  findObjectByIdInSameGroup(id: string): FoundNodes {
    return answerOf(this.#table.find(id));
  }

  /** The nodes that were registered for a station. */
  findObjectByIdInSameStation(id: string, station: string): FoundNodes {
    return answerOf(this.#table.find(id, (entries) => entries.filter((entry) => entry.station === station)));
  }

  /** The nodes for a caller of a set. -1 for what is no set. */
  findObjectByIdInSameSet(id: string, setId: string): FoundNodes {
    const set = partsOfSet(setId);
    if (set !== undefined) return answerOf(this.#table.find(id, (entries) => entriesOfSet(entries, set)));
    this.#tellNoSet(id, setId);
    return { _ret: -1, activeEp: [], inactiveEp: [] };
  }

  /** Clients may ask as often as they like. */
  #tellNoSet(id: string, setId: string): void {
    const nowMs = Date.now();
    if (nowMs < this.#nextWarningMs) return;
    this.#nextWarningMs = nowMs + WARNING_MS;
    const fields = { object: cutText(id, MAX_TEXT), set: cutText(setId, MAX_TEXT) };
    LOG.warn('a client asks for what is no set; expected one as app.sz.1', fields);
  }

  /** Of master and slave: taken, and of no effect. */
  registerChange(): number {
    return 0;
  }

  /** A server serves this, for so long. @throws TarsException with result 1 for what clients could make nothing of. */
  registerServer(info: RegisteredServer, leaseMs: number): number {
    try {
      this.#table.register(info, leaseMs);
    } catch (error) {
      if (!TarsException.is(error)) throw error;
      const { message, code } = error;
      // Above 0: it is an answer, and no fault of this handler.
      throw new TarsException(message, { code, iRet: 1, cause: error });
    }
    return 0;
  }

  /** A server serves nothing any more. */
  unregister(instance: string): number {
    this.#table.unregister(instance);
    return 0;
  }
}

function answerOf({ active, inactive }: FoundInTable): FoundNodes {
  return { _ret: 0, activeEp: [...active], inactiveEp: [...inactive] };
}
