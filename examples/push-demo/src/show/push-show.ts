import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Program } from '@tarsier/example-show';
import { createColors } from 'picocolors';
import { serverLine } from './server-line.js';

const ANSWER = /^request id: \d+, response str: heartbeat$/;
const FAILURE = /^request id: \d+, failed: |^no match func!$/;
const PUSH = /^push message: hello world$/;
const LISTENING = /^listening .*endpoint=/;
const CONNECT = /^connect ip: /;
const CLOSE = /^close ip: /;

const fileOf = (script: string) => fileURLToPath(new URL(`../${script}`, import.meta.url));

/** How long the show takes, and how often something happens in it. */
export interface PushShowOptions {
  readonly seconds: number;
  readonly pushMs: number;
  readonly heartbeatMs: number;
  readonly hasColour: boolean;
}

/**
 * A server and three clients, each in a process of its own: answers, pushes, one client that leaves half-way and is
 * released, then the end of all and a summary.
 */
export class PushShow {
  readonly #options: PushShowOptions;
  readonly #clients: Program[] = [];
  readonly #problems: string[] = [];
  #server: Program | undefined;

  constructor(options: PushShowOptions) {
    this.#options = options;
  }

  /**
   * Runs the show. When it resolves no process is left.
   *
   * @param signal ends it early; that is no failure.
   * @returns whether everything was seen that has to be seen.
   */
  async run(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#play(signal);
    } catch (error) {
      if (!signal.aborted) this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    await Promise.all(this.#clients.map((client) => client.stop()));
    await this.#server?.stop();
    this.#judge();
    this.#summary(signal.aborted);
    return this.#problems.length === 0;
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { seconds, pushMs, heartbeatMs, hasColour } = this.#options;
    const { magenta, cyan, green, yellow } = createColors(hasColour);
    const beganMs = performance.now();
    const server = new Program({
      name: 'server',
      script: fileOf('server-main.js'),
      args: ['--endpoint', 'tcp -h 127.0.0.1 -p 0 -t 60000', '--push', String(pushMs)],
      paint: magenta,
      format: serverLine,
    });
    this.#server = server;
    const endpoint = (await server.until(LISTENING, 1, signal)).replace(/^.*endpoint=/, '');
    for (const paint of [cyan, green, yellow]) {
      const name = `client ${this.#clients.length + 1}`;
      const args = ['--connect', endpoint, '--heartbeat', String(heartbeatMs)];
      this.#clients.push(new Program({ name, script: fileOf('client-main.js'), args, paint }));
    }
    await this.#allSee(1, signal);

    await sleep(Math.max(0, (seconds * 1000) / 2 - (performance.now() - beganMs)), undefined, { signal });
    const leaving = this.#clients.at(-1);
    say(`${leaving?.name} leaves; the server releases it, and pushes to the others`);
    await leaving?.stop();
    await server.until(CLOSE, 1, signal);
    await this.#allSee(1, signal);

    await sleep(Math.max(0, seconds * 1000 - 500 - (performance.now() - beganMs)), undefined, { signal });
    say('the others leave, and the server ends');
    await Promise.all(this.#clients.map((client) => client.stop()));
    await server.until(CLOSE, this.#clients.length, signal);
  }

  /** Waits until each client that is there has got so many answers and pushes more. */
  async #allSee(count: number, signal: AbortSignal): Promise<void> {
    const there = this.#clients.filter((client) => client.end === undefined);
    const seen = there.flatMap((client) => [
      client.until(ANSWER, client.count(ANSWER) + count, signal),
      client.until(PUSH, client.count(PUSH) + count, signal),
    ]);
    await Promise.all(seen);
  }

  /** What holds for every show, also for one that was ended early. */
  #judge(): void {
    for (const program of [this.#server, ...this.#clients]) {
      if (program === undefined || program.end === '0') continue;
      this.#problems.push(`${program.name} ended with ${program.end}`);
    }
    for (const client of this.#clients) {
      const failures = client.count(FAILURE);
      if (failures > 0) this.#problems.push(`${client.name}: ${failures} heartbeats failed`);
    }
    const registered = this.#server?.count(CONNECT);
    const released = this.#server?.count(CLOSE);
    if (registered !== released) this.#problems.push(`${registered} users registered, ${released} released`);
  }

  #summary(isEarly: boolean): void {
    say(isEarly ? 'summary (ended early)' : 'summary');
    for (const client of this.#clients) {
      const answers = String(client.count(ANSWER)).padStart(3);
      const pushes = String(client.count(PUSH)).padStart(3);
      console.log(`  ${client.name}   heartbeats answered ${answers}   pushes received ${pushes}   exit ${client.end}`);
    }
    const server = this.#server;
    if (server !== undefined) {
      const registered = String(server.count(CONNECT)).padStart(3);
      const released = String(server.count(CLOSE)).padStart(3);
      console.log(`  server     users registered    ${registered}   users released  ${released}   exit ${server.end}`);
    }
    for (const problem of this.#problems) console.log(`  NOT AS EXPECTED: ${problem}`);
    if (this.#problems.length === 0) console.log('  all as expected');
  }
}

function say(text: string): void {
  console.log(`--- ${text}`);
}
