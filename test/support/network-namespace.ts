import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

let last = 0;

/** A second host on this machine: a network namespace, joined to us by a pair of virtual interfaces. */
export class NetworkNamespace {
  readonly name: string;
  /** Our address, as the other host sees it. */
  readonly ownAddress: string;
  /** Its address. */
  readonly address: string;
  readonly #link: string;

  constructor() {
    const number = (process.pid * 8 + ++last) % 16_000;
    this.name = `tarsier-${process.pid}-${last}`;
    this.#link = `tsr${number}`;
    // Of 198.18.0.0/15, which RFC 2544 sets aside for tests: four addresses for each pair.
    const base = number * 4;
    const prefix = `198.18.${base >> 8}`;
    this.ownAddress = `${prefix}.${(base & 0xff) + 1}`;
    this.address = `${prefix}.${(base & 0xff) + 2}`;
    const inside = `${this.#link}p`;
    ip('netns', 'add', this.name);
    ip('link', 'add', this.#link, 'type', 'veth', 'peer', 'name', inside, 'netns', this.name);
    ip('addr', 'add', `${this.ownAddress}/30`, 'dev', this.#link);
    ip('link', 'set', this.#link, 'up');
    ip('-n', this.name, 'addr', 'add', `${this.address}/30`, 'dev', inside);
    ip('-n', this.name, 'link', 'set', inside, 'up');
    ip('-n', this.name, 'link', 'set', 'lo', 'up');
  }

  /** Starts a program on the other host. */
  spawn(program: string, args: readonly string[]): ChildProcess {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    return spawn('ip', ['netns', 'exec', this.name, program, ...args], { stdio: [...stdio] });
  }

  /** From now on nothing comes from there any more, and nobody is told: packets to us vanish. */
  drop(): void {
    ip('-n', this.name, 'route', 'add', 'blackhole', `${this.ownAddress}/32`);
  }

  /** Ends {@link NetworkNamespace.drop}. */
  heal(): void {
    ip('-n', this.name, 'route', 'del', 'blackhole', `${this.ownAddress}/32`);
  }

  remove(): void {
    ip('link', 'del', this.#link);
    ip('netns', 'del', this.name);
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}
