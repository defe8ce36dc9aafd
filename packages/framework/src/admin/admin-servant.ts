import { type ByteVector, delimiter, type PacketParser, PacketType } from '@tarsier/protocol';
import type { Current } from '../current.js';
import { Servant } from '../servant.js';

const line = delimiter('\n', { maxPacketBytes: 8192 });

/** One line is one command; the connection ends with its answer, so that `nc` and `socat` are all that one needs. */
export const parseCommand: PacketParser = (input, output) => {
  const type = line(input, output);
  return type === PacketType.PACKET_FULL ? PacketType.PACKET_FULL_CLOSE : type;
};

/** Answers administration commands with text. Source: AdminServant (servant/libservant/AdminServant.cpp). */
export class AdminServant extends Servant {
  readonly #run: (line: string) => Promise<string>;

  constructor(run: (line: string) => Promise<string>) {
    super();
    this.#run = run;
  }

  override async doRequest(current: Current, response: ByteVector): Promise<number> {
    response.assign(Buffer.from(`${await this.#run(current.getRequestBuffer().toString('utf8'))}\n`));
    return 0;
  }
}
