import type { Socket } from 'node:net';
import type { WireHandlers } from '../connection/wire.js';
import type { Acceptor } from './server-transport.js';

const handlersOf = Symbol('handlers');

/** A socket knows its handlers, so that one function serves the events of all sockets: no closures per connection. */
interface ServedSocket extends Socket {
  [handlersOf]: WireHandlers;
}

function onData(this: ServedSocket, chunk: Buffer): void {
  this[handlersOf].receive(chunk);
}

function onEnd(this: ServedSocket): void {
  this[handlersOf].peerEnded();
}

function onDrain(this: ServedSocket): void {
  this[handlersOf].drained();
}

function onError(this: ServedSocket, error: Error): void {
  this[handlersOf].wireFailed(error);
}

function onClose(this: ServedSocket): void {
  this[handlersOf].wireClosed();
}

/** A refused peer is nobody's concern any more: its socket is being destroyed. */
function ignore(): void {}

/** An IPv4 peer of a socket that listens on IPv6 too appears as `::ffff:10.0.0.1`. */
export function plainIp(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Offers an accepted TCP, TLS or Unix socket to an adapter. */
export function serveSocket(socket: Socket, acceptor: Acceptor): void {
  const handlers = acceptor.accept(socket, plainIp(socket.remoteAddress), socket.remotePort ?? 0);
  if (handlers === undefined) {
    socket.on('error', ignore);
    socket.destroy();
    return;
  }
  const served = socket as ServedSocket;
  served[handlersOf] = handlers;
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('drain', onDrain);
  socket.on('error', onError);
  socket.on('close', onClose);
}
