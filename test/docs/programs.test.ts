import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compile } from './compile.js';
import { fencesOf, root } from './markdown.js';

/** The port that all pages use. */
const PORT = '10099';

/** A free port below those that the system gives away by itself, which may be taken again before the server listens. */
async function freePort(): Promise<string> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return String(port);
  }
}

/** A program of the documentation in a child process. */
class Program {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  output = '';
  errors = '';

  constructor(script: string, args: readonly string[] = []) {
    this.process = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.process, 'close');
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    onTestFinished(() => {
      this.process.kill('SIGKILL');
    });
  }

  /** Resolves when the output has a text; rejects when the program ends before. */
  async until(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const next = this.process.stdout === null ? this.ended : once(this.process.stdout, 'data');
      await Promise.race([next, this.ended]);
      if (this.process.exitCode !== null && !this.output.includes(text)) {
        throw new Error(`it ended before it printed "${text}": ${this.output}${this.errors}`);
      }
    }
  }
}

/** The files that a page gives, compiled in a folder of their own, and a port of their own. */
async function programsOf(page: string): Promise<string> {
  const fences = fencesOf(page).filter(({ info }) => info.startsWith('file='));
  const texts = fences.map(({ info, code }) => [info.slice(5), code] as const);
  const { folder, problems } = compile(Object.fromEntries(texts.filter(([name]) => name.endsWith('.ts'))));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(problems).toEqual([]);
  for (const [name, text] of texts) if (name.endsWith('.conf')) writeFileSync(join(folder, name), text);
  const port = await freePort();
  for (const name of readdirSync(folder).filter((file) => /\.(js|conf)$/.test(file))) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(PORT, port));
  }
  return folder;
}

describe('the programs', () => {
  it.each<[page: string, args: readonly string[], output: RegExp]>([
    ['README.md', [], /^answer: heartbeat\n(push: hello world\n){2,4}$/],
    ['docs/guides/getting-started.md', ['--config=server.conf'], /^Hello, Ada!\nHello, Grace!\n$/],
    ['docs/guides/code-first.md', [], /^1 Hey Ada!\npushed: Ada is here\nnothing but 1 visit\n$/],
    [
      'docs/guides/push.md',
      [],
      /^connected: tcp -h 127\.0\.0\.1 -p \d+ -t 60000\n(push: \d{4}-\d\d-\d\dT\S+Z\n){4,8}closed: tcp -h .* \n$/,
    ],
  ])('of %s run together, server and client', async (page, args, output) => {
    const folder = await programsOf(page);
    const server = new Program(
      join(folder, 'server.js'),
      args.map((arg) => arg.replace('=', `=${folder}/`)),
    );
    await server.until('listening');
    const client = new Program(join(folder, 'client.js'));
    await client.ended;
    expect(client.errors).toBe('');
    expect(client.output).toMatch(output);
    expect(client.process.exitCode).toBe(0);
    server.process.kill('SIGTERM');
    await server.ended;
    expect(server.errors).toBe('');
    expect(server.process.exitCode).toBe(0);
  });

  it('of the guide to parsers: its test passes', async () => {
    const files = fencesOf('docs/guides/writing-a-protocol.md').filter(({ info }) => info === 'run');
    expect(files).toHaveLength(1);
    const { folder, problems } = compile({ 'run.ts': files[0]?.code ?? '' });
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(problems).toEqual([]);
    const program = new Program(join(folder, 'run.js'));
    await program.ended;
    expect(program.errors).toBe('');
    expect(program.process.exitCode).toBe(0);
  });

  it('of the guide to code first declare the IDL that it shows', async () => {
    const folder = await programsOf('docs/guides/code-first.md');
    const command = new Program(join(root, 'packages/code-first/dist/command/main.js'), [join(folder, 'contract.js')]);
    await command.ended;
    expect(command.errors).toBe('');
    const printed = fencesOf('docs/guides/code-first.md').find(({ info }) => info === 'file=Hello.tars');
    expect(command.output).toBe(printed?.code);
  });

  it('of the guide for beginners print what it says', () => {
    const output = fencesOf('docs/guides/getting-started.md').find(({ info }) => info === 'file=output');
    expect(output?.code).toBe('Hello, Ada!\nHello, Grace!\n');
  });
});
