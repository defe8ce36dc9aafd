import type { Duplex } from 'node:stream';
import { REFUSAL_MS } from '../connection/end-time.js';

const refused = new WeakSet<Duplex>();

/** Who is refused is nobody's concern any more. */
function ignore(): void {}

/**
 * Refuses the peer of a socket. All refusals of a transport come through here, because none may wait for the peer: the socket
 * is destroyed after {@link REFUSAL_MS}, whether the peer reads, closes, or sends on. Once for each socket; more are the same refusal.
 *
 * @param say tells the peer, and begins to end the socket; without it the socket is destroyed at once.
 */
export function refuse(socket: Duplex, say?: () => void): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  socket.on('error', ignore);
  if (say === undefined) {
    socket.destroy();
    return;
  }
  const timer = setTimeout(() => {
    socket.destroy();
  }, REFUSAL_MS);
  socket.once('close', () => {
    clearTimeout(timer);
  });
  try {
    say();
  } catch {
    // It has nothing more to say; the peer sees the end.
    socket.destroy();
  }
}

/** {@link refuse}, with bytes as the last ones. What the peer sends on is read, so that the kernel does not reset what was said. */
export function refuseWith(socket: Duplex, bytes: string): void {
  refuse(socket, () => {
    socket.end(bytes);
    socket.resume();
  });
}
