import { type TarsFunction, type TarsInterface, type TarsParamInit, tars, tarsFunction } from '@tarsier/protocol';
import type { TarsCallOptions } from '../tars/tars-call-options.js';
import { TarsProxy } from '../tars/tars-proxy.js';
import { EndpointF } from './endpoint-f.js';

/** What the registry knows of an object; `_ret` is 0 unless it failed. */
export interface FoundNodes {
  readonly _ret: number;
  readonly activeEp: EndpointF[];
  /** Nodes that must not be called now. */
  readonly inactiveEp: EndpointF[];
}

const nodes = tars.list(tars.struct(EndpointF));
const id: TarsParamInit = { name: 'id', type: tars.string };
const outs: readonly TarsParamInit[] = [
  { name: 'activeEp', type: nodes, isOut: true },
  { name: 'inactiveEp', type: nodes, isOut: true },
];

function find<Args extends unknown[]>(name: string, ...ins: TarsParamInit[]): TarsFunction<Args, FoundNodes> {
  return tarsFunction(name, tars.int, [...ins, ...outs]);
}

const findObjectById: TarsFunction<[id: string], EndpointF[]> = tarsFunction('findObjectById', nodes, [id]);
const findObjectById4Any: TarsFunction<[id: string], FoundNodes> = find('findObjectById4Any', id);
const findObjectById4All: TarsFunction<[id: string], FoundNodes> = find('findObjectById4All', id);
const findObjectByIdInSameGroup: TarsFunction<[id: string], FoundNodes> = find('findObjectByIdInSameGroup', id);
const findObjectByIdInSameStation: TarsFunction<[id: string, sStation: string], FoundNodes> = find(
  'findObjectByIdInSameStation',
  id,
  { name: 'sStation', type: tars.string },
);
const findObjectByIdInSameSet: TarsFunction<[id: string, setId: string], FoundNodes> = find(
  'findObjectByIdInSameSet',
  id,
  { name: 'setId', type: tars.string },
);

/** The functions of a registry that tell the nodes of objects. Source: servant/protocol/framework/QueryF.tars (TarsCpp). */
export const QueryF: TarsInterface = {
  name: 'tars.QueryF',
  functions: new Map(
    [
      findObjectById,
      findObjectById4Any,
      findObjectById4All,
      findObjectByIdInSameGroup,
      findObjectByIdInSameStation,
      findObjectByIdInSameSet,
    ].map((fn) => [fn.name, fn as TarsFunction<never, unknown>]),
  ),
};

/**
 * A registry that is asked for the nodes of objects. A communicator with a `locator` does so by itself; programs that want to see more
 * make one of it: `communicator.stringToProxy(QueryFProxy, locator)`.
 */
export class QueryFProxy extends TarsProxy {
  /** Nodes of all groups that may be called. */
  findObjectById(objectId: string, options?: TarsCallOptions): Promise<EndpointF[]> {
    return this.invoke(findObjectById, [objectId], options);
  }

  /** All nodes. Source: tars_endpointsAll. */
  findObjectById4Any(objectId: string, options?: TarsCallOptions): Promise<FoundNodes> {
    return this.invoke(findObjectById4Any, [objectId], options);
  }

  /** All nodes. */
  findObjectById4All(objectId: string, options?: TarsCallOptions): Promise<FoundNodes> {
    return this.invoke(findObjectById4All, [objectId], options);
  }

  /** Those near the caller, as the registry groups machines. */
  findObjectByIdInSameGroup(objectId: string, options?: TarsCallOptions): Promise<FoundNodes> {
    return this.invoke(findObjectByIdInSameGroup, [objectId], options);
  }

  /** Those of a station. Source: tars_endpointsByStation. */
  findObjectByIdInSameStation(objectId: string, station: string, options?: TarsCallOptions): Promise<FoundNodes> {
    return this.invoke(findObjectByIdInSameStation, [objectId, station], options);
  }

  /** Those of a set, as `app.sz.1`. Source: tars_endpointsBySet. */
  findObjectByIdInSameSet(objectId: string, setId: string, options?: TarsCallOptions): Promise<FoundNodes> {
    return this.invoke(findObjectByIdInSameSet, [objectId, setId], options);
  }
}
