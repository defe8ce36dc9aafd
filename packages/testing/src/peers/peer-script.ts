import { Buffer } from 'node:buffer';
import { LabError } from '../lab-error.js';
import { difference, firstDifference } from './hex.js';
import type { PeerStep } from './peer-step.js';

/**
 * What a script waits for: these bytes; this text, as UTF-8; or a function that is asked with everything that has come and was not
 * taken, and gives the number of bytes that it takes, 0 for more first, or throws what is wrong with them.
 */
export type Expected = Uint8Array | string | ((received: Buffer) => number);

/** What a script sends: bytes, a text, or a function of the bytes that the last `expect` took. */
export type Sent = Uint8Array | string | ((taken: Buffer) => Uint8Array | string);

/** How slowly {@link PeerScript.sendSlowly} sends. */
export interface SlowSending {
  /** Milliseconds between two pieces. */
  readonly every: number;
  /** Bytes of a piece; 1 unless given. */
  readonly size?: number;
}

function bytesOf(what: Uint8Array | string): Buffer {
  return typeof what === 'string' ? Buffer.from(what) : Buffer.from(what.buffer, what.byteOffset, what.length);
}

function plural(count: number): string {
  return `${count} byte${count === 1 ? '' : 's'}`;
}

/** What a fake peer does, one step after the other; each method adds a step. */
export class PeerScript {
  /** @internal */
  readonly steps: PeerStep[] = [];

  /** Waits for bytes and takes them; others end the script, and `done()` tells the difference. */
  expect(what: Expected): this {
    if (typeof what === 'function') return this.#add('expect what a function takes', (session) => session.take(what));
    const expected = bytesOf(what);
    return this.#add(`expect ${plural(expected.length)}`, (session) =>
      session.take((received) => {
        const at = firstDifference(expected, received);
        if (at >= 0) throw new LabError(`byte ${at} differs\n${difference(expected, received, at)}`);
        return received.length < expected.length ? 0 : expected.length;
      }, expected),
    );
  }

  /** Waits until the other side sends no more. Bytes that come before are wrong. */
  expectEnd(): this {
    return this.#add('expect the end', (session) => session.waitForEnd());
  }

  /** Sends at once. */
  send(what: Sent): this {
    const size = typeof what === 'function' ? 'what a function gives' : plural(bytesOf(what).length);
    return this.#add(`send ${size}`, (session) => {
      session.send(bytesOf(typeof what === 'function' ? what(session.taken) : what));
    });
  }

  /** Sends in pieces, with a pause after each but the last. */
  sendSlowly(what: Uint8Array | string, { every, size = 1 }: SlowSending): this {
    const bytes = bytesOf(what);
    return this.#add(`send ${plural(bytes.length)} slowly`, async (session) => {
      for (let at = 0; at < bytes.length; at += size) {
        if (at > 0) await session.sleep(every);
        session.send(bytes.subarray(at, at + size));
      }
    });
  }

  /** Does nothing for so long; what comes meanwhile is kept for the next `expect`. */
  stall(ms: number): this {
    return this.#add(`stall ${ms} ms`, (session) => session.sleep(ms));
  }

  /** Reads no more, so that the other side finds its buffers full, until {@link PeerScript.readOn}. */
  stopReading(): this {
    return this.#add('stop reading', (session) => {
      session.socket.pause();
    });
  }

  /** Ends {@link PeerScript.stopReading}. */
  readOn(): this {
    return this.#add('read on', (session) => {
      session.socket.resume();
    });
  }

  /** Half-close: sends no more, and still reads. */
  end(): this {
    return this.#add('end', (session) => {
      session.socket.end();
    });
  }

  /** Closes both sides when everything is sent. */
  close(): this {
    return this.#add('close', (session) => session.leave('close'));
  }

  /** Breaks the connection: the other side gets a reset. */
  reset(): this {
    return this.#add('reset', (session) => session.leave('reset'));
  }

  #add(what: string, run: PeerStep['run']): this {
    this.steps.push({ what, run });
    return this;
  }
}
