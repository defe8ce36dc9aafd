import { type AddressInfo, createServer, type Socket } from 'node:net';
import { serveParent } from '../child.js';
import { memory } from './memory.js';

/** The limit that a Node server can reach: node:net and framing by hand, as `bare-server.js chunk` or `bare-server.js frame`. */
const isPerFrame = process.argv[2] === 'frame';

/** One write for all packets of a chunk. @returns how many bytes were complete packets. */
function echoChunk(socket: Socket, block: Buffer): number {
  let end = 0;
  while (block.length - end >= 4) {
    const size = block.readUInt32BE(end);
    if (block.length - end < size) break;
    end += size;
  }
  if (end > 0) socket.write(end === block.length ? block : block.subarray(0, end));
  return end;
}

/** One write for each packet, held back until the end of the tick. @returns how many bytes were complete packets. */
function echoFrames(socket: Socket, block: Buffer): number {
  let end = 0;
  socket.cork();
  while (block.length - end >= 4) {
    const size = block.readUInt32BE(end);
    if (block.length - end < size) break;
    socket.write(block.subarray(end, end + size));
    end += size;
  }
  process.nextTick(() => socket.uncork());
  return end;
}

const echo = isPerFrame ? echoFrames : echoChunk;

const server = createServer({ noDelay: true }, (socket) => {
  // A large packet comes in many chunks; they are put together once, when it is complete.
  let waiting: Buffer[] | undefined;
  let waitingBytes = 0;
  let neededBytes = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    let block = chunk;
    if (waiting !== undefined) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes < neededBytes) return;
      block = Buffer.concat(waiting, waitingBytes);
      waiting = undefined;
    }
    const end = echo(socket, block);
    if (end === block.length) return;
    const rest = end === 0 ? block : block.subarray(end);
    waiting = [rest];
    waitingBytes = rest.length;
    neededBytes = rest.length < 4 ? 4 : rest.readUInt32BE(0);
  });
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  serveParent({
    port: () => (server.address() as AddressInfo).port,
    connections: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
    memory,
  });
});
