import cluster, { type Worker } from 'node:cluster';
import { type ErrorCode, TarsException, type Where } from '@tarsier/protocol';
import { meetingVariables } from './meeting-place.js';
import { WORKER_OF_VARIABLE, WORKER_VARIABLE } from './worker-link.js';
import { asReport, type SupervisorOrder } from './worker-messages.js';

/** How a worker process ended. */
export interface WorkerExit {
  /** Its place among the workers, from 1. */
  readonly place: number;
  readonly pid: number;
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** How long it lived, in ms. */
  readonly livedMs: number;
}

/** One process that serves, as its supervisor sees it. */
export class WorkerProcess {
  readonly place: number;
  readonly pid: number;
  /** Resolves with its endpoints when it serves; rejects when it ends before, with what its `main` threw. */
  readonly ready: Promise<readonly string[]>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<WorkerExit>;
  /** It was told to end. */
  isLeaving = false;
  isReady = false;
  readonly #worker: Worker;
  readonly #questions = new Map<number, (result: unknown) => void>();
  #lastQuestion = 0;
  #whyLeaving: string | undefined;

  constructor(application: string, place: number) {
    this.place = place;
    const beganMs = performance.now();
    const worker = cluster.fork({
      [WORKER_VARIABLE]: String(place),
      [WORKER_OF_VARIABLE]: application,
      ...meetingVariables(),
    });
    this.#worker = worker;
    this.pid = worker.process.pid ?? 0;
    let failure: TarsException | undefined;
    this.exited = new Promise((resolve) => {
      worker.once('exit', (code: number | null, signal: string | null) => {
        for (const answer of this.#questions.values()) answer(undefined);
        this.#questions.clear();
        resolve({ place, pid: this.pid, code, signal, livedMs: performance.now() - beganMs });
      });
    });
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        const report = asReport(message);
        if (report?.tarsier === 'ready') {
          this.isReady = true;
          // It was told while it started, when nothing in it listened.
          if (this.#whyLeaving !== undefined) this.#tell({ tarsier: 'terminate', reason: this.#whyLeaving });
          resolve(report.endpoints);
        } else if (report?.tarsier === 'failed') {
          failure = new TarsException(report.message, {
            code: report.code as ErrorCode,
            where: report.where as Where,
          });
        } else if (report?.tarsier === 'answer') {
          this.#questions.get(report.id)?.(report.result);
          this.#questions.delete(report.id);
        }
      });
      void this.exited.then(({ code, signal }) => {
        reject(failure ?? endedEarly(place, code, signal));
      });
    });
    // Whoever needs it waits for it; nobody has to.
    this.ready.catch(() => undefined);
    // A channel that breaks shows as the exit of the process.
    worker.on('error', () => undefined);
  }

  terminate(reason: string): void {
    this.isLeaving = true;
    this.#whyLeaving = reason;
    this.#tell({ tarsier: 'terminate', reason });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  /** The answer to a question; undefined when the worker has gone, or does not answer within that time. */
  ask(question: string, limitMs: number): Promise<unknown> {
    if (!this.isReady || this.#worker.isDead()) return Promise.resolve(undefined);
    const id = ++this.#lastQuestion;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#questions.delete(id);
        resolve(undefined);
      }, limitMs);
      this.#questions.set(id, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      this.#tell({ tarsier: 'ask', id, question });
    });
  }

  #tell(order: SupervisorOrder): void {
    if (this.#worker.isConnected()) this.#worker.send(order);
  }
}

function endedEarly(place: number, code: number | null, signal: string | null): TarsException {
  const how = signal === null ? `with status ${String(code)}` : `by ${signal}`;
  return new TarsException(
    `worker ${place} ended ${how} before it served; start the program with workers = 0 to see why`,
    { code: 'TARSIER_WORKER_FAILED', where: { key: 'workers' } },
  );
}
