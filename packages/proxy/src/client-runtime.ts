import type { Logger, TimeSource } from '@tarsier/protocol';
import { FlushList } from '@tarsier/protocol/internal';
import type { Environment } from './environment.js';
import { ClientClock } from './time/client-clock.js';
import type { Transport } from './transport/transport.js';

/** What a {@link ClientRuntime} is made of. */
export interface ClientRuntimeInit {
  readonly environment: Environment;
  readonly transports: readonly Transport[];
  readonly logger: Logger;
  readonly time: TimeSource;
  /** Granularity of all deadlines. */
  readonly stepMs: number;
}

const LINK_STEP_MS = 50;

/** What all proxies of one communicator share: clock, flush list, transports, log. */
export class ClientRuntime {
  readonly environment: Environment;
  readonly transports: readonly Transport[];
  readonly logger: Logger;
  readonly flushList: FlushList;
  readonly clock: ClientClock;
  /** For looking at connections now and then: its timer is slow, so that idle connections cost little. */
  readonly linkClock: ClientClock;
  /** Set by `Communicator.terminate`, never cleared. */
  isTerminated = false;

  constructor({ environment, transports, logger, time, stepMs }: ClientRuntimeInit) {
    this.environment = environment;
    this.transports = transports;
    this.logger = logger;
    this.flushList = new FlushList(environment.defer);
    this.clock = new ClientClock(stepMs, this.flushList, time);
    this.linkClock = new ClientClock(Math.max(stepMs, LINK_STEP_MS), this.flushList, time);
  }

  /** Ends the timers now if nothing waits for them. */
  stopIfIdle(): void {
    this.clock.stopIfIdle();
    this.linkClock.stopIfIdle();
  }
}
