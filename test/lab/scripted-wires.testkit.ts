import {
  type Acceptor,
  Application,
  type ByteVector,
  type CloseType,
  type Current,
  type ServerTransport,
  type Wire,
  type WireHandlers,
} from '@tarsier/framework';
import type { Lab } from '@tarsier/testing';
import type { AdapterSection } from '../../packages/framework/src/config/application-config.js';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { type Behaviour, framing, TestServant } from '../../packages/framework/src/test-server.testkit.js';
import { newLab } from './lab.testkit.js';

/** Everything that the server does with a wire, or asks it. */
export const MEMBERS = [
  'write',
  'cork',
  'uncork',
  'pause',
  'resume',
  'end',
  'destroy',
  'writableLength',
  'writableNeedDrain',
  'bytesWritten',
] as const;
export type Member = (typeof MEMBERS)[number];

/** A wire of nobody: it throws at some of its members, and takes everything else. */
export class ScriptedWire implements Wire {
  readonly throwsAt = new Set<Member>();
  readonly written: Buffer[] = [];
  thrown = 0;
  /** Says at each write that it has enough, and keeps it. */
  isStuck = false;
  /** Does not say that it is closed. */
  isMute = false;
  handlers: WireHandlers | undefined;
  #isClosed = false;
  #bytes = 0;

  #use(member: Member): void {
    if (!this.throwsAt.has(member)) return;
    this.thrown++;
    throw new RangeError(`${member} throws on purpose`);
  }

  get writableLength(): number {
    this.#use('writableLength');
    return this.isStuck ? this.#bytes : 0;
  }

  get writableNeedDrain(): boolean {
    this.#use('writableNeedDrain');
    return this.isStuck;
  }

  get bytesWritten(): number {
    this.#use('bytesWritten');
    return this.#bytes;
  }

  write(bytes: Uint8Array): boolean {
    this.#use('write');
    this.#bytes += bytes.length;
    this.written.push(Buffer.from(bytes));
    return !this.isStuck;
  }

  cork(): void {
    this.#use('cork');
  }

  uncork(): void {
    this.#use('uncork');
  }

  pause(): void {
    this.#use('pause');
  }

  resume(): void {
    this.#use('resume');
  }

  end(): void {
    this.#use('end');
    this.#close();
  }

  destroy(): void {
    this.#use('destroy');
    this.#close();
  }

  #close(): void {
    if (this.#isClosed || this.isMute) return;
    this.#isClosed = true;
    queueMicrotask(() => this.handlers?.wireClosed());
  }
}

/** A server whose wires the test makes. */
export class Bench {
  readonly here: Lab = newLab();
  readonly app: Application = new Application({ time: this.here.time, transports: [this.#transport()] });
  readonly currents: Current[] = [];
  readonly ends: CloseType[] = [];
  readonly finish: (() => void)[] = [];
  #acceptor: Acceptor | undefined;

  #transport(): ServerTransport {
    return {
      name: 'scripted',
      canListen: () => true,
      listen: async (acceptor) => {
        this.#acceptor = acceptor;
        return { endpoint: acceptor.config.endpoint, close: () => {} };
      },
    };
  }

  async start(section: Partial<AdapterSection> = {}, behaviour: Behaviour = {}): Promise<this> {
    this.app.addServant(TestServant, 'T.S.Obj', {
      doRequest: (current, response) => this.#serve(current, response),
      doClose: (current) => {
        current.sendResponse(frame(0, 'nobody hears it'));
        this.ends.push(current.getCloseType());
      },
      ...behaviour,
    });
    this.app.addServantProtocol('T.S.Obj', framing);
    const endpoint = 'tcp -h 127.0.0.1 -p 1 -t 20000';
    const adapter = { servant: 'T.S.Obj', endpoint, protocol: 'not_tars', ...section };
    await this.here.start(this.app, { app: 'T', server: 'S', goawaytime: 100, adapters: { ObjAdapter: adapter } });
    return this;
  }

  /** What to do stands in the request. */
  #serve(current: Current, response: ByteVector): void | Promise<void> {
    this.currents.push(current);
    const what = current.getRequestBuffer().toString('latin1', 8);
    if (what === 'late') current.setResponse(false);
    else if (what === 'large') response.assign(Buffer.alloc(40_000));
    else if (what !== 'nothing') response.assign(current.getRequestVector());
    if (what !== 'async') return;
    return new Promise((resolve) => {
      this.finish.push(resolve);
    });
  }

  get adapter() {
    const adapter = this.app.getBindAdapter('Obj');
    if (adapter === undefined) throw new Error('no adapter');
    return adapter;
  }

  connect<W extends ScriptedWire>(wire: W, ip = '10.0.0.1'): W {
    wire.handlers = this.#acceptor?.accept(wire, ip, 1000);
    return wire;
  }

  datagram(bytes: Uint8Array, reply: (bytes: Uint8Array) => boolean, port = 1000): void {
    this.#acceptor?.datagram(bytes, '10.0.0.1', port, reply);
  }

  async settle(ms = 0): Promise<void> {
    await this.here.time.advance(ms);
    // What leaves at the end of a tick leaves in the real one.
    await new Promise((resolve) => setImmediate(resolve));
    await this.here.time.advance(0);
  }

  async askAll(wire: ScriptedWire, ...what: string[]): Promise<void> {
    wire.handlers?.receive(Buffer.concat(what.map((text, i) => frame(i + 1, text))));
    await this.settle();
  }
}
