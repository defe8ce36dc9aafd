import type { Cluster } from 'node:cluster';
import { TarsException } from '@tarsier/protocol';
import { LOG } from '../log/log.js';
import { asOrder, type WorkerReport } from './worker-messages.js';

// Loaded with the first worker code, so that the secret leaves the environment at once.
export { type MeetingPlace, meetingPlace } from './meeting-place.js';

/** Set in the environment of a worker: its place among the others, from 1. */
export const WORKER_VARIABLE = 'TARSIER_WORKER';

/** Set in the environment of a worker: which application it is to serve, as `App.Server`. */
export const WORKER_OF_VARIABLE = 'TARSIER_WORKER_OF';

/** Of Node; it has loaded it in workers, and it takes memory that no other process needs to spend. */
function cluster(): Cluster {
  return process.getBuiltinModule('node:cluster') as unknown as Cluster;
}

/** The place of this process among the workers of a supervisor, from 1; 0 when it is none. */
export function workerPlace(): number {
  const place = process.env[WORKER_VARIABLE];
  // What a worker starts inherits its environment, and is no worker.
  return place !== undefined && cluster().isWorker ? Number(place) : 0;
}

/** Whether this process is a worker of another application: what it makes of its own configuration serves nothing here. */
export function isWorkerOfOther(application: string): boolean {
  return workerPlace() > 0 && process.env[WORKER_OF_VARIABLE] !== application;
}

/** What a worker does when its supervisor says so. */
export interface WorkerDuties {
  terminate(reason: string): void;
  /** The answer must be what JSON can carry. */
  answer(question: string): unknown;
}

/** Node writes to the channel of a supervisor that has died, when a port is closed; that it is gone is known by `disconnect`. */
function ignore(): void {}

/** A worker's end of the channel to its supervisor. */
export class WorkerLink {
  readonly #duties: WorkerDuties;

  constructor(duties: WorkerDuties) {
    this.#duties = duties;
    // Node would end a worker at once whose channel breaks.
    const { worker } = cluster();
    if (worker !== undefined) worker.exitedAfterDisconnect = true;
    process.on('message', this.#onMessage);
    // The supervisor died: nobody would ever end or replace this process.
    process.once('disconnect', this.#onDisconnect);
    process.on('error', ignore);
  }

  ready(endpoints: readonly string[]): void {
    void this.#tell({ tarsier: 'ready', endpoints });
  }

  /** Resolves when it was told: the process is likely to end right after. */
  failed(error: unknown): Promise<void> {
    const { message, code, where } = TarsException.from(error);
    return this.#tell({ tarsier: 'failed', message, code, where });
  }

  /** Lets the process exit: the channel would keep it alive. */
  release(): void {
    process.off('message', this.#onMessage);
    process.off('disconnect', this.#onDisconnect);
    process.off('error', ignore);
    if (process.connected) process.disconnect();
  }

  async #answer(id: number, question: string): Promise<void> {
    let result: unknown;
    try {
      result = await this.#duties.answer(question);
    } catch (error) {
      LOG.error('a question of the supervisor could not be answered', { question, err: error });
    }
    await this.#tell({ tarsier: 'answer', id, result });
  }

  #tell(report: WorkerReport): Promise<void> {
    return new Promise((resolve) => {
      if (!process.connected || process.send === undefined) resolve();
      else {
        process.send(report, () => {
          // A channel that broke shows as `disconnect`.
          resolve();
        });
      }
    });
  }

  readonly #onMessage = (message: unknown): void => {
    const order = asOrder(message);
    if (order?.tarsier === 'terminate') {
      this.#duties.terminate(order.reason);
    } else if (order?.tarsier === 'ask') {
      void this.#answer(order.id, order.question);
    }
  };

  readonly #onDisconnect = (): void => {
    this.#duties.terminate('the supervisor is gone');
  };
}
