import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { timerMs } from '@tarsier/protocol/internal';
import { LOG } from '../log/log.js';
import { type WorkerExit, WorkerProcess } from './worker-process.js';

/** What a {@link Supervisor} is made of. */
export interface SupervisorInit {
  /** `App.Server`. */
  readonly application: string;
  readonly count: number;
  /** Time that a worker gets to end, in ms; then it is killed. */
  readonly endMs: number;
  /** A worker died that was not told to; it is being replaced. */
  onExit(exit: WorkerExit): void;
}

/** The workers of a supervisor, counted. */
export interface WorkerStates {
  /** As configured. */
  readonly count: number;
  /** Those that serve now and were not told to end. */
  readonly serving: number;
  /** Process ids of those. */
  readonly pids: readonly number[];
  /** Workers that died untold since the start. */
  readonly deaths: number;
  /** Restarts of all workers that are done. */
  readonly restarts: number;
  /** Where they listen. */
  readonly endpoints: readonly string[];
}

/** What one worker has answered. */
export interface WorkerAnswer {
  readonly place: number;
  readonly result: unknown;
}

/** Bounds of the wait before a dead worker is replaced, in ms. */
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 10_000;
/** A worker that served so long did not fail because of how it starts. */
const PROVEN_MS = 10_000;
const ANSWER_MS = 2000;

/**
 * Keeps N processes serving: starts them, replaces those that die, restarts them one after the other, ends them.
 *
 * It holds the listening ports (`node:cluster`), so that they are open from the first worker to the last whatever happens to one.
 */
export class Supervisor {
  readonly #init: SupervisorInit;
  /** By place; a place holds two while the one takes over from the other. */
  readonly #workers = new Set<WorkerProcess>();
  readonly #failures = new Map<number, number>();
  #isStopping = false;
  #restarting: Promise<void> | undefined;
  /** Wakes those who wait before they replace a worker. */
  readonly #stop = new AbortController();
  #deaths = 0;
  #restarts = 0;
  #endpoints: readonly string[] = [];

  constructor(init: SupervisorInit) {
    this.#init = init;
    // Each worker that is waited for listens: all of them may have died at once.
    setMaxListeners(0, this.#stop.signal);
  }

  states(): WorkerStates {
    const serving = this.#all().filter((worker) => worker.isReady && !worker.isLeaving);
    return {
      count: this.#init.count,
      serving: serving.length,
      pids: serving.map((worker) => worker.pid),
      deaths: this.#deaths,
      restarts: this.#restarts,
      endpoints: this.#endpoints,
    };
  }

  #all(): WorkerProcess[] {
    return [...this.#workers];
  }

  /**
   * Starts all workers. Resolves when all of them serve.
   *
   * @throws what the first that failed has reported; the others are ended then.
   */
  async start(): Promise<void> {
    const workers = Array.from({ length: this.#init.count }, (_, index) => this.#fork(index + 1));
    try {
      const [endpoints = []] = await Promise.all(workers.map((worker) => worker.ready));
      this.#endpoints = endpoints;
      for (const worker of workers) this.#watch(worker);
    } catch (error) {
      await this.stop('a worker failed to start');
      throw error;
    }
  }

  #fork(place: number): WorkerProcess {
    const worker = new WorkerProcess(this.#init.application, place);
    this.#workers.add(worker);
    void worker.exited.then(() => this.#workers.delete(worker));
    return worker;
  }

  /** Replaces the worker if it dies untold. */
  #watch(worker: WorkerProcess): void {
    void worker.exited.then((exit) => {
      if (worker.isLeaving || this.#isStopping) return;
      this.#deaths++;
      LOG.error('a worker died', { ...exit });
      this.#init.onExit(exit);
      void this.#replace(exit);
    });
  }

  async #replace({ place, livedMs }: WorkerExit): Promise<void> {
    const failures = livedMs >= PROVEN_MS ? 0 : (this.#failures.get(place) ?? 0);
    this.#failures.set(place, failures + 1);
    const waitMs = failures === 0 ? 0 : Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.min(failures, 20));
    await delay(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    // A restart may have filled the place meanwhile.
    if (this.#isStopping || this.#all().some((worker) => worker.place === place && !worker.isLeaving)) return;
    const worker = this.#fork(place);
    this.#watch(worker);
    await worker.ready.then(
      () => LOG.info('a worker was replaced', { place, pid: worker.pid }),
      (error: unknown) => LOG.error('a worker could not be replaced; it is tried again', { place, err: error }),
    );
  }

  /**
   * Replaces every worker by a new process, one place after the other: the new one serves before the old one is told to end, so
   * that the ports are never without somebody who accepts. Called again meanwhile it gives the same promise.
   *
   * @throws when a new worker does not start; those not replaced yet go on.
   */
  restart(): Promise<void> {
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  async #restart(): Promise<void> {
    for (const old of this.#all().filter((worker) => !worker.isLeaving)) {
      if (this.#isStopping) return;
      const next = this.#fork(old.place);
      await next.ready;
      this.#watch(next);
      await this.#end(old, 'restart');
    }
    this.#restarts++;
    LOG.info('all workers were restarted', { workers: this.#init.count });
  }

  async #end(worker: WorkerProcess, reason: string): Promise<void> {
    worker.terminate(reason);
    const limit = new AbortController();
    const late = delay(timerMs(this.#init.endMs), undefined, { signal: limit.signal }).then(
      () => {
        LOG.error('a worker did not end in time and is killed', { place: worker.place, pid: worker.pid });
        worker.kill();
      },
      () => undefined,
    );
    await worker.exited;
    limit.abort();
    await late;
  }

  /** Ends all workers. Resolves when the last process is gone. */
  async stop(reason: string): Promise<void> {
    this.#isStopping = true;
    this.#stop.abort();
    await Promise.all(this.#all().map((worker) => this.#end(worker, reason)));
  }

  /** What each worker that serves answers; undefined of those that do not answer in time. */
  async ask(question: string): Promise<WorkerAnswer[]> {
    const serving = this.#all().filter((worker) => worker.isReady);
    const answers = await Promise.all(
      serving.map(async (worker) => ({ place: worker.place, result: await worker.ask(question, ANSWER_MS) })),
    );
    return answers.toSorted((a, b) => a.place - b.place);
  }
}
