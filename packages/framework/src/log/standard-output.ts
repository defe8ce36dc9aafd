import { lineLost } from './lost-lines.js';

let isGuarded = false;

function noteLost(error: Error | null | undefined): void {
  if (error) lineLost();
}

function ignore(): void {}

/** Writes a line to standard output. When its reader has gone (EPIPE), or the disk is full, the line is lost and counted; the process goes on. */
export function writeLine(line: string): void {
  const { stdout } = process;
  if (!isGuarded) {
    isGuarded = true;
    // Without a listener the first line that nobody reads would end the process; each line has a callback that counts it.
    stdout.on('error', ignore);
  }
  stdout.write(line, noteLost);
}
