import type { Socket } from 'node:net';

/** Writes to a socket; false when it has enough. It says so above the high-water mark, even if the kernel has taken all: not here. */
export function writeTo(socket: Socket, bytes: Uint8Array): boolean {
  return socket.write(bytes) || socket.writableLength === 0;
}

/** Writes several pieces with one system call; false as {@link writeTo}. */
export function writeAllTo(socket: Socket, parts: readonly Uint8Array[]): boolean {
  socket.cork();
  for (const part of parts) socket.write(part);
  socket.uncork();
  return !socket.writableNeedDrain || socket.writableLength === 0;
}
