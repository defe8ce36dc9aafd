import { linkSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { ByteVector, NetWorkBuffer, PacketType } from '@tarsier/framework';
import { Broker, type BrokerLimits, type BrokerPeer, type BrokerSeed } from './broker.js';
import { ANSWER_BYTES, BrokerHandshake } from './broker-handshake.js';
import { type BrokerNews, type BrokerRequest, brokerParser, decodeMessage, encodeMessage } from './broker-messages.js';
import { sweepSocketsLike } from './private-folder.js';

/** How often it is looked whether the path still leads here, in ms. */
const CHECK_MS = 500;
/** A node that takes so many bytes not is closed: it comes back, and follows from where it was. */
const MAX_WAITING_BYTES = 268_435_456;
/** Whoever has not proved by then that it knows the secret is let go, in ms. */
export const HANDSHAKE_MS = 5000;
const MAX_STRANGERS = 64;

/** A broker behind a Unix socket. */
export class BrokerHost {
  readonly #path: string;
  readonly #broker: Broker;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #inode = 0;
  #check: NodeJS.Timeout | undefined;

  readonly #secret: string;
  /** Those that have not proved that they know the secret, the oldest first. */
  readonly #strangers = new Set<Socket>();

  private constructor(path: string, secret: string, broker: Broker) {
    this.#path = path;
    this.#secret = secret;
    this.#broker = broker;
    this.#server = createServer((socket) => {
      this.#serve(socket);
    });
  }

  /**
   * Listens, and then takes the path.
   *
   * @param stale inode of what stands there and answers nobody; 0 when nothing does.
   * @returns undefined when another process has taken it meanwhile.
   */
  static async start(
    path: string,
    secret: string,
    limits: BrokerLimits,
    seed: BrokerSeed | undefined,
    stale: number,
  ): Promise<BrokerHost | undefined> {
    const host = new BrokerHost(path, secret, new Broker(() => performance.now(), limits, seed));
    sweepSocketsLike(path);
    const own = `${path}.${process.pid}.${Math.floor(Math.random() * 1e9).toString(36)}`;
    await new Promise<void>((resolve, reject) => {
      host.#server.once('error', reject);
      host.#server.listen({ path: own, readableAll: false, writableAll: false }, resolve);
    });
    host.#server.unref();
    host.#inode = inodeOf(own);
    if (!claim(own, path, stale)) {
      host.#server.close();
      rmSync(own, { force: true });
      return undefined;
    }
    process.once('exit', host.#onExit);
    host.#check = setInterval(() => void host.#checkPath(), CHECK_MS).unref();
    return host;
  }

  /** The file of a process that is gone would only be in the way. */
  readonly #onExit = (): void => {
    if (inodeOf(this.#path) === this.#inode) rmSync(this.#path, { force: true });
  };

  async #checkPath(): Promise<void> {
    this.#broker.sweep();
    const inode = await stat(this.#path).then(
      ({ ino }) => ino,
      () => 0,
    );
    if (inode !== this.#inode) await this.stop();
  }

  /** Ends; whoever was connected looks for another. */
  async stop(): Promise<void> {
    clearInterval(this.#check);
    process.off('exit', this.#onExit);
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#onExit();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.unref();
    const handshake = new BrokerHandshake(this.#secret);
    this.#meet(socket);
    let isKnown = false;
    const input = new NetWorkBuffer();
    const peer: BrokerPeer = {
      send: (news: BrokerNews) => {
        if (socket.writableLength > MAX_WAITING_BYTES) socket.destroy();
        else socket.write(encodeMessage(news));
      },
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        input.addBuffer(chunk);
        if (!isKnown) {
          if (input.getBufferLength() < ANSWER_BYTES) return;
          // Nothing of a stranger is read, and a node waits for the answer before it says more.
          const confirmation = handshake.confirm(input.getHeader(input.getBufferLength()));
          if (confirmation === undefined) throw new Error('a stranger');
          input.moveHeader(ANSWER_BYTES);
          isKnown = true;
          this.#strangers.delete(socket);
          socket.write(confirmation);
          this.#broker.connected(peer);
        }
        for (;;) {
          const packet = new ByteVector();
          const type = brokerParser(input, packet);
          if (type === PacketType.PACKET_LESS) return;
          if (type !== PacketType.PACKET_FULL) throw new Error('no message of a node');
          this.#broker.take(peer, decodeMessage(packet.data()) as BrokerRequest);
        }
      } catch {
        // Not one of ours: it is let go, and nobody else is harmed.
        socket.destroy();
      }
    });
    // 'close' follows, and says all that there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#strangers.delete(socket);
      this.#broker.disconnected(peer);
    });
    socket.write(handshake.nonce);
  }

  /** Who does not say soon who it is goes; of many, the oldest first. */
  #meet(socket: Socket): void {
    this.#strangers.add(socket);
    setTimeout(() => {
      if (this.#strangers.has(socket)) socket.destroy();
    }, HANDSHAKE_MS).unref();
    if (this.#strangers.size <= MAX_STRANGERS) return;
    for (const oldest of this.#strangers) {
      this.#strangers.delete(oldest);
      oldest.destroy();
      return;
    }
  }
}

/** The file that a path names; 0 for none. */
export function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}

/**
 * Gives a socket its name, unless another process was faster. Of several that try at the same time one gets it: a link cannot replace
 * anything, and only what is known to be stale is removed, with nothing between the look and the removal.
 */
function claim(own: string, path: string, stale: number): boolean {
  const found = inodeOf(path);
  if (found !== 0 && found !== stale) return false;
  if (found !== 0) unlinkSync(path);
  try {
    linkSync(own, path);
  } catch (error) {
    const code: unknown = Reflect.get(error as object, 'code');
    if (code === 'EEXIST') return false;
    // Systems that cannot link sockets.
    renameSync(own, path);
    return true;
  }
  unlinkSync(own);
  return true;
}
