/** What writing needs of a `net.Socket`, so that something else can stand in its place. */
export interface SocketWriter {
  /** Bytes taken and not handed to the system yet. */
  readonly writableLength: number;
  /** Whether `write` has said that it is enough, and no 'drain' came since. */
  readonly writableNeedDrain: boolean;
  write(bytes: Uint8Array): boolean;
  /** Keeps what is written, until `uncork` hands it on in one go. */
  cork(): void;
  uncork(): void;
}

/** Writes to a socket; false when it has enough. It says so above the high-water mark, even if the kernel has taken all: not here. */
export function writeTo(socket: SocketWriter, bytes: Uint8Array): boolean {
  return socket.write(bytes) || socket.writableLength === 0;
}

/** Writes several pieces with one system call; false as {@link writeTo}. */
export function writeAllTo(socket: SocketWriter, parts: readonly Uint8Array[]): boolean {
  socket.cork();
  for (const part of parts) socket.write(part);
  socket.uncork();
  return !socket.writableNeedDrain || socket.writableLength === 0;
}
