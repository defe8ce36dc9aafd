import {
  type ByteVector,
  delimiter,
  type PacketParser,
  PacketType,
  type TarsFunction,
  type TarsInterface,
  tars,
  tarsFunction,
  tarsParser,
} from '@tarsier/protocol';
import type { Current } from '../current.js';
import { customDispatcher } from '../dispatch/custom-dispatcher.js';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import { TarsCurrent } from '../tars/tars-current.js';
import { tarsDispatcher } from '../tars/tars-dispatcher.js';
import { TarsServant } from '../tars/tars-servant.js';

const line = delimiter('\n', { maxPacketBytes: 8192 });

/**
 * One line is one command; the connection ends with its answer, so that `nc` and `socat` are all that one needs. A packet of TARS
 * begins with a 0, which no line does: 16 MiB would be a length without one.
 */
export const parseCommand: PacketParser = (input, output) => {
  if (input.getValueOf1() === 0) return tarsParser(input, output);
  const type = line(input, output);
  return type === PacketType.PACKET_FULL ? PacketType.PACKET_FULL_CLOSE : type;
};

/** Whether a packet came as TARS: the first field of a request has the tag 1, and no line begins with such a byte. */
function isTars(packet: ByteVector): boolean {
  return packet.length > 0 && packet.at(0) >> 4 === 1;
}

const ofRequest = (current: Current): Dispatcher =>
  current instanceof TarsCurrent ? tarsDispatcher : customDispatcher;

/** Lines and TARS, side by side on one port. */
export const adminDispatcher: Dispatcher = {
  answersByOrder: true,
  requestOf: (peer, packet, received) => {
    return (isTars(packet) ? tarsDispatcher : customDispatcher).requestOf(peer, packet, received);
  },
  currentOf: (peer, received) => customDispatcher.currentOf(peer, received),
  handle: (servant, current, response) => ofRequest(current).handle(servant, current, response),
  refuse: (servant, current) => {
    ofRequest(current).refuse(servant, current);
  },
  waitLimitMs: (current) => ofRequest(current).waitLimitMs(current),
  tooLate: (current) => {
    ofRequest(current).tooLate(current);
  },
};

const functions: readonly TarsFunction<never, unknown>[] = [
  tarsFunction<[], void>('shutdown', undefined, []),
  tarsFunction<[string], string>('notify', tars.string, [{ name: 'command', type: tars.string }]),
  tarsFunction<[], bigint>('getPid', tars.long, []),
];

/**
 * Answers administration commands: a line with text, and the functions of `AdminF` over TARS, as the node agent and the web console
 * of TARS call them.
 *
 * Source: AdminServant (servant/libservant/AdminServant.cpp), AdminF.tars.
 */
export class AdminServant extends TarsServant {
  readonly tarsInterface: TarsInterface = {
    name: 'tars::AdminF',
    functions: new Map(functions.map((fn) => [fn.name, fn])),
  };
  readonly #run: (line: string) => Promise<string>;

  constructor(run: (line: string) => Promise<string>) {
    super();
    this.#run = run;
  }

  override async doRequest(current: Current, response: ByteVector): Promise<number> {
    response.assign(Buffer.from(`${await this.#run(current.getRequestBuffer().toString('utf8'))}\n`));
    return 0;
  }

  async shutdown(): Promise<void> {
    await this.#run('tars.shutdown');
  }

  notify(command: string): Promise<string> {
    return this.#run(command);
  }

  getPid(): bigint {
    return BigInt(process.pid);
  }
}
