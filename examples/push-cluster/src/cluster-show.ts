import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Program } from '@tarsier/example-show';
import { createColors } from 'picocolors';
import { type NatsServer, startNats } from './nats-server.js';

/** How the show goes. */
export interface ClusterShowOptions {
  readonly backplane: 'local' | 'nats';
  readonly seconds: number;
  readonly everyMs: number;
  readonly hasColour: boolean;
}

const fileOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));
const HEARD = /^heard (.+) {2}#\d+$/;
const NAMES = ['ann', 'bob', 'eve', 'joe'];

/**
 * Two servers with one hub, two clients at each: everybody hears what anybody says. Half-way one server is killed; its clients go on at the
 * other, and nobody misses a line.
 */
export class ClusterShow {
  readonly #options: ClusterShowOptions;
  readonly #problems: string[] = [];
  readonly #clients: Program[] = [];
  readonly #servers: Program[] = [];
  #folder = '';
  #nats: NatsServer | undefined;

  constructor(options: ClusterShowOptions) {
    this.#options = options;
  }

  /** Runs it. When it resolves no process is left. @returns whether everything was as expected. */
  async run(signal: AbortSignal): Promise<boolean> {
    this.#folder = await mkdtemp(join(tmpdir(), 'push-cluster-'));
    try {
      await this.#play(signal);
    } catch (error) {
      if (!signal.aborted) this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    await Promise.all(this.#clients.map((client) => client.stop()));
    await Promise.all(this.#servers.filter(({ end }) => end === undefined).map((server) => server.stop()));
    await this.#nats?.stop();
    await rm(this.#folder, { recursive: true, force: true });
    if (!signal.aborted) this.#judge();
    this.#summary();
    return this.#problems.length === 0;
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { backplane, seconds, everyMs, hasColour } = this.#options;
    const colours = createColors(hasColour);
    let place = `local:${join(this.#folder, 'hub.sock')}`;
    if (backplane === 'nats') {
      this.#nats = await startNats(join(this.#folder, 'nats'));
      place = `nats:${this.#nats.url}`;
    }
    console.log(`--- two servers with the backplane ${place}`);
    const endpoints: string[] = [];
    for (const name of ['server A', 'server B']) {
      const args = ['--backplane', place];
      const server = new Program({ name, script: fileOf('server-main.js'), args, paint: colours.magenta });
      this.#servers.push(server);
      endpoints.push((await server.until(/^listening /, 1, signal)).slice('listening '.length));
    }
    const paints = [colours.cyan, colours.green, colours.yellow, colours.blue];
    for (const [i, name] of NAMES.entries()) {
      const [own = '', other = ''] = i < 2 ? endpoints : endpoints.toReversed();
      // Rank 1 is for when rank 0 is not there.
      const args = ['--name', name, '--connect', `${own}:${other} -r 1`, '--every', String(everyMs)];
      const paint = paints[i] as (text: string) => string;
      this.#clients.push(new Program({ name, script: fileOf('client-main.js'), args, paint }));
    }
    await this.#allHear(2, signal);
    await sleep((seconds * 1000) / 2, undefined, { signal });

    console.log('--- server A is killed; ann and bob go on at server B');
    await this.#servers[0]?.kill();
    for (const client of this.#clients.slice(0, 2)) await client.until(/^goes on where it was$/, 1, signal);
    await this.#allHear(3, signal);
    await sleep((seconds * 1000) / 2, undefined, { signal });
    await this.#allHear(1, signal);
    console.log('--- the end');
  }

  /** Waits until everybody has heard so many lines more of everybody. */
  async #allHear(count: number, signal: AbortSignal): Promise<void> {
    const waits = this.#clients.flatMap((client) =>
      NAMES.map((name) => {
        const line = new RegExp(`^heard ${name}: `);
        return client.until(line, client.count(line) + count, signal);
      }),
    );
    await Promise.all(waits);
  }

  /** Everybody has heard the same lines, each once, in the same order, up to where they left. */
  #judge(): void {
    const heard = this.#clients.map((client) => client.matching(HEARD).map((line) => HEARD.exec(line)?.[1] ?? ''));
    const all = new Set(heard.flat());
    for (const [i, client] of this.#clients.entries()) {
      const lines = heard[i] ?? [];
      if (new Set(lines).size !== lines.length) this.#problems.push(`${client.name} heard a line twice`);
      if (client.count(/^MISSED/) > 0) this.#problems.push(`${client.name} missed something`);
      if (client.end !== '0') this.#problems.push(`${client.name} ended with ${client.end}`);
    }
    // Who came first has heard what the others have not, and so has who left last.
    const common = [...all].filter((line) => heard.every((lines) => lines.includes(line)));
    const [first = [], ...others] = heard.map((lines) => lines.filter((line) => common.includes(line)));
    for (const lines of others) {
      if (lines.join('\n') !== first.join('\n')) this.#problems.push('not everybody heard the same in the same order');
    }
    for (const lines of heard) {
      const from = lines.indexOf(first[0] ?? '');
      const to = lines.indexOf(first.at(-1) ?? '');
      if (to - from + 1 !== first.length) this.#problems.push('somebody did not hear a line that others heard');
    }
  }

  #summary(): void {
    console.log('--- summary');
    for (const client of this.#clients) {
      const said = String(client.count(/^said /)).padStart(3);
      const heard = String(client.count(HEARD)).padStart(4);
      const resumed = client.count(/^goes on where it was$/);
      console.log(`  ${client.name}   said ${said}   heard ${heard}   went on elsewhere ${resumed}`);
    }
    for (const problem of this.#problems) console.log(`  NOT AS EXPECTED: ${problem}`);
    if (this.#problems.length === 0) console.log('  all as expected');
  }
}
