import type { Socket } from 'node:net';
import type { Admission } from '../adapter/admission.js';
import { plainIp } from '../adapter/peer-address.js';
import type { WireHandlers } from '../connection/wire.js';
import { refuse } from './refuse.js';
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

/** Offers an accepted TCP, TLS or Unix socket to an adapter; `admission` is what it gave before the handshake. */
export function serveSocket(socket: Socket, acceptor: Acceptor, admission?: Admission): void {
  const handlers = acceptor.accept(socket, plainIp(socket.remoteAddress), socket.remotePort ?? 0, admission);
  if (handlers === undefined) {
    refuse(socket);
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
