/** Writes a line each second: over the last one on a terminal, below it elsewhere. */
export class Progress {
  readonly #timer: NodeJS.Timeout;

  constructor(line: () => string) {
    this.#timer = setInterval(() => {
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line()}`);
      else console.log(line());
    }, 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  }
}
