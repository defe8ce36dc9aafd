import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { serveParent } from '../child.js';
import { freePort } from './free-port.js';

/** An echo server on @tars/rpc, by the door for protocols of one's own that its servers have. */

interface Message {
  readonly origin: { readonly iRequestId: number; readonly sBuffer: Buffer };
  readonly sFuncName: string;
  readonly iResultCode: number;
  readonly sResultDesc: string;
}

/** What @tars/rpc asks of a protocol: bytes go in at `feed`, packets come out as events; answers go through `compose`. */
class PacketStream extends EventEmitter {
  #rest: Buffer | undefined;

  get name(): string {
    return 'bench';
  }

  compose(message: { readonly appBuffer: readonly Buffer[] }): Buffer | undefined {
    return message.appBuffer[0];
  }

  feed(chunk: Buffer): void {
    const block = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (block.length - at >= 4) {
      const size = block.readUInt32BE(at);
      if (block.length - at < size) break;
      const sBuffer = block.subarray(at, at + size);
      at += size;
      this.emit('message', {
        origin: { iRequestId: sBuffer.readUInt32BE(4), sBuffer },
        sFuncName: 'doRequest',
        iResultCode: 0,
        sResultDesc: '',
      } satisfies Message);
    }
    this.#rest = at === block.length ? undefined : block.subarray(at);
  }

  reset(): void {
    this.#rest = undefined;
  }
}

/** The handler. Without `initialize` @tars/rpc does not listen for protocols other than TARS. */
class EchoImp {
  initialize(): void {}

  doRequest(current: { sendResponse(bytes: Buffer): void }, origin: Message['origin']): void {
    current.sendResponse(origin.sBuffer);
  }
}

interface HeroServer {
  _addBindAdapter(options: Readonly<Record<string, unknown>>): void;
  start(): void;
}

const load = createRequire(import.meta.url);
// The package and its server part import each other: this order works.
load('@tars/rpc');
const { HeroServer } = load('@tars/rpc/core/server/HeroServer.js') as { HeroServer: new () => HeroServer };

const port = await freePort();
const server = new HeroServer();
server._addBindAdapter({
  name: 'EchoAdapter',
  servant: 'Bench.EchoServer.EchoObj',
  endpoint: `tcp -h 127.0.0.1 -p ${port} -t 600000`,
  maxconns: 20_000,
  protocolName: 'bench',
  protocol: PacketStream,
  handleImp: EchoImp,
});
server.start();
serveParent({ port: () => port });
