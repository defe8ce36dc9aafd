import { Endpoint } from '@tarsier/protocol';
import { ManualTime } from '../time/manual-time.testkit.js';
import type { DnsAddress, DnsLookup, DnsService } from './dns-lookup.js';
import { DnsResolver } from './dns-resolver.js';
import type { ResolveSession } from './resolver.js';

/** A question that was not answered yet. */
interface Question {
  readonly name: string;
  readonly answer: (records: readonly never[] | Error) => void;
}

/** A DNS that a test plays: it has records, or an error, for names; a name that it has nothing for is not found. */
export class TestDns implements DnsLookup {
  readonly records = new Map<string, readonly (DnsAddress | DnsService)[] | Error>();
  /** Every question, in order, as `a push.example.com`. */
  readonly asked: string[] = [];
  /** While true questions wait for `answerAll`. */
  isSlow = false;
  readonly #open: Question[] = [];
  readonly signals: AbortSignal[] = [];

  set(name: string, ...records: readonly (string | DnsAddress | DnsService)[]): void {
    this.records.set(
      name,
      records.map((one) => (typeof one === 'string' ? { address: one } : one)),
    );
  }

  fail(name: string, code: string): void {
    this.records.set(name, Object.assign(new Error(`query ${code} ${name}`), { code }));
  }

  addresses(host: string, signal: AbortSignal): Promise<readonly DnsAddress[]> {
    return this.#ask('a', host, signal);
  }

  services(name: string, signal: AbortSignal): Promise<readonly DnsService[]> {
    return this.#ask('srv', name, signal);
  }

  #ask<Found>(kind: string, name: string, signal: AbortSignal): Promise<readonly Found[]> {
    this.asked.push(`${kind} ${name}`);
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      const answer = (found: readonly unknown[] | Error): void => {
        if (found instanceof Error) reject(found);
        else resolve(found as readonly Found[]);
      };
      if (this.isSlow) this.#open.push({ name, answer });
      else answer(this.#find(name));
    });
  }

  #find(name: string): readonly (DnsAddress | DnsService)[] | Error {
    return this.records.get(name) ?? Object.assign(new Error(`query ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
  }

  /** Answers the questions that wait; all, or those for one name. */
  answerAll(name?: string): void {
    for (const question of this.#open.splice(0)) {
      if (name === undefined || question.name === name) question.answer(this.#find(question.name) as readonly never[]);
      else this.#open.push(question);
    }
  }
}

/** One object being looked up, and what its watcher was told. */
export interface Watched {
  readonly dns: TestDns;
  readonly time: ManualTime;
  readonly session: ResolveSession;
  /** Each update, as its nodes: without the timeout, sorted. */
  readonly updates: string[][];
  /** The same as they came. */
  readonly endpoints: (readonly Endpoint[])[];
  readonly failures: Error[];
}

/** A resolver on a DNS that the test has filled, watching a list of endpoints. */
export async function watch(
  list: string,
  dns: TestDns,
  options: { readonly refreshMs?: number; readonly random?: () => number } = {},
): Promise<Watched> {
  const time = new ManualTime();
  const updates: string[][] = [];
  const endpoints: (readonly Endpoint[])[] = [];
  const failures: Error[] = [];
  const resolver = new DnsResolver({ lookup: dns, time, random: () => 0.5, ...options });
  const session = resolver.watch(
    { name: 'T.S.Obj', endpoints: Endpoint.parseList(list) },
    {
      update: (nodes) => {
        endpoints.push(nodes);
        updates.push(nodes.map((node) => node.toString().replace(' -t 3000', '')).toSorted());
      },
      failed: (error) => failures.push(error),
    },
  );
  await time.advance(0);
  return { dns, time, session, updates, endpoints, failures };
}
