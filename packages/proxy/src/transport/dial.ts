import { ADDRCONFIG, type LookupAddress, lookup } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { codeOf } from './transport-error.js';

/** How long an address is tried alone before the next one is tried beside it, in ms. Source: RFC 8305, section 5. */
const STAGGER_MS = 250;

/** What {@link dial} asks of the system. */
export interface DialSystem {
  /** All addresses of a name. */
  lookup(host: string): Promise<readonly LookupAddress[]>;
  /** Begins to connect to one address. */
  connect(host: string, port: number): Socket;
}

const system: DialSystem = {
  lookup: (host) =>
    new Promise((resolve, reject) => {
      // Windows answers nothing at all without a network, when it is asked so.
      lookup(host, { all: true, hints: process.platform === 'win32' ? 0 : ADDRCONFIG }, (error, addresses) => {
        if (error === null) resolve(addresses);
        else reject(error);
      });
    }),
  connect: connectAddress,
};

/** Begins to connect to an address, without Nagle's algorithm and with keepalive probes. */
export function connectAddress(host: string, port: number): Socket {
  return connect({ host, port, noDelay: true, keepAlive: true });
}

/** Whether a host has to be looked up, and may have several addresses. */
export function isName(host: string): boolean {
  return isIP(host) === 0;
}

/**
 * A connection over TCP to a host, at the first of its addresses that answers.
 *
 * The addresses are tried one after the other, and each goes on being tried while the next ones are: a slow address is given up by
 * whoever waits (`connect-timeout`), never by another address. Node would give each but the last 250 ms.
 *
 * Rejects with the error of the address, or with an AggregateError that bears the code of the first. Everything is released then.
 * Source: RFC 8305, sections 4 and 5.
 */
export async function dial(host: string, port: number, signal: AbortSignal, how: DialSystem = system): Promise<Socket> {
  const addresses = isName(host) ? inTurns(await how.lookup(host)) : [host];
  signal.throwIfAborted();
  return race(addresses, port, signal, how);
}

/** The families take turns, in the order of the system otherwise. */
function inTurns(found: readonly LookupAddress[]): string[] {
  const [first] = found;
  const same = found.filter(({ family }) => family === first?.family);
  const other = found.filter(({ family }) => family !== first?.family);
  const turns = same.flatMap((one, i) => [one, ...other.slice(i, i + 1)]);
  return [...turns, ...other.slice(same.length)].map(({ address }) => address);
}

function race(addresses: readonly string[], port: number, signal: AbortSignal, how: DialSystem): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const errors: Error[] = [];
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const release = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      for (const socket of open) socket.destroy();
    };
    const aborted = (): void => {
      release();
      reject(new Error('the connection is not wanted any more'));
    };
    const failed = (socket: Socket | undefined, error: Error): void => {
      if (socket !== undefined) open.delete(socket);
      errors.push(error);
      if (next < addresses.length) tryNext();
      else if (open.size === 0) {
        release();
        reject(failureOf(errors));
      }
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = addresses[next];
      if (address === undefined) return;
      next++;
      timer = next < addresses.length ? setTimeout(tryNext, STAGGER_MS) : undefined;
      let socket: Socket;
      try {
        socket = how.connect(address, port);
      } catch (error) {
        failed(undefined, error instanceof Error ? error : new Error(String(error)));
        return;
      }
      open.add(socket);
      const lost = (error: Error): void => {
        if (open.has(socket)) failed(socket, error);
      };
      socket.on('error', lost);
      socket.once('connect', () => {
        if (!open.delete(socket)) return;
        // Its owner listens for errors itself, from the next microtask on.
        socket.off('error', lost);
        release();
        resolve(socket);
      });
    };
    signal.addEventListener('abort', aborted, { once: true });
    if (addresses.length === 0) failed(undefined, new Error('the name has no address'));
    else tryNext();
  });
}

function failureOf(errors: readonly Error[]): Error {
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) return first;
  const all = new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  return Object.assign(all, { code: codeOf(first) });
}
