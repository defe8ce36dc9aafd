import {
  ByteVector,
  type NetWorkBuffer,
  type PacketParser,
  type PacketType,
  type ProxyProtocol,
  ResponsePacket,
} from '@tarsier/protocol';

/** What a decoder left of one packet. */
export interface Slot {
  body: ByteVector;
  /** Only the client's half has one. */
  requestId: number | undefined;
}

/** A decoder, of the server or of the client, called in one way. */
export interface Half {
  readonly name: 'parser' | 'responseFunc';
  take(input: NetWorkBuffer, slot: Slot): PacketType;
}

export function serverHalf(parser: PacketParser): Half {
  return { name: 'parser', take: (input, slot) => parser(input, slot.body) };
}

export function clientHalf(protocol: ProxyProtocol): Half {
  return {
    name: 'responseFunc',
    take(input, slot) {
      const response = new ResponsePacket();
      const type = protocol.responseFunc(input, response);
      slot.body = response.sBuffer;
      slot.requestId = response.iRequestId;
      return type;
    },
  };
}

export function emptySlot(): Slot {
  return { body: new ByteVector(), requestId: undefined };
}
