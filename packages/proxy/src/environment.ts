import type { Allocate, Logger, ProxyProtocol, TimeSource } from '@tarsier/protocol';
import type { Defer } from '@tarsier/protocol/internal';
import type { PacketQueue, PacketQueueInit } from './connection/packet-queue.js';
import type { EnvironmentOptions, EnvironmentSettings } from './environment-options.js';
import type { ProxyObserver } from './observe/proxy-observer.js';
import type { ProxyMaker } from './registry/registry-settings.js';
import type { StatReport } from './report/stat-report.js';
import type { Resolver, ResolveTarget } from './resolve/resolver.js';
import type { Transport } from './transport/transport.js';

/** What the parts of a communicator that only some environments have are made of. */
export interface PartInit {
  readonly settings: EnvironmentSettings;
  readonly maker: ProxyMaker;
  readonly logger: Logger;
  readonly time: TimeSource;
}

/** What a resolver of the environment is made of. */
export interface LookupInit extends PartInit {
  readonly target: ResolveTarget;
}

/**
 * What differs between Node and browsers; `#default-transports` is one of these. What only one of them can use is reached through
 * here, so that it is not in the bundle of the other.
 */
export interface Environment {
  /** For messages, as `Node.js`. */
  readonly name: string;
  /** Tells the user of the program what it has overlooked, where no logger is given. Absent where there is no place for it. */
  readonly warn?: (text: string) => void;
  /** In the order in which they are asked. */
  readonly transports: readonly Transport[];
  /** The properties that only some environments can use. */
  readonly options: EnvironmentOptions;
  /** Runs a function after the running code and the promise jobs that it has started. */
  readonly defer: Defer;
  /** Makes blocks for the bytes to be sent and received. */
  readonly allocate: Allocate;
  /** Shows what happens at the proxies of an object; absent where there is nobody to show it to. */
  readonly observe?: (init: LookupInit) => ProxyObserver;
  /** What is reported of a communicator, made when its maker first asks; undefined when nobody takes reports. Absent where there are none. */
  readonly report?: (init: PartInit) => StatReport | undefined;
  /** Sends what was counted for the last time, if the maker reports anything. Absent where there are no reports. */
  readonly endReport?: (maker: ProxyMaker) => Promise<void> | undefined;
  /** Makes what a connection puts its packets into. Throws when they are datagrams, and there are none here. */
  readonly packets: (init: PacketQueueInit) => PacketQueue;
  /** What a proxy speaks that is not told otherwise; absent where it would have to be loaded for those that do not use it. */
  readonly protocol?: ProxyProtocol;
  /** What looks up an object whose endpoints are not there or names; absent where programs can ask neither the DNS nor a registry. */
  readonly resolver?: (init: LookupInit) => Resolver | undefined;
}
