import { expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { parseEcho } from './echo.js';
import { PacketType } from './packet-type.js';

it('parseEcho takes all that has come as one packet', () => {
  const input = new NetWorkBuffer();
  const output = new ByteVector();
  expect(parseEcho(input, output)).toBe(PacketType.PACKET_LESS);
  input.addBuffer(parseEcho.encode('abc'));
  input.addBuffer(parseEcho.encode('de'));
  expect(parseEcho(input, output)).toBe(PacketType.PACKET_FULL);
  expect(output.toString()).toBe('abcde');
  expect(input.empty()).toBe(true);
});

it('parseEcho sends and receives bytes as they are, one call at a time', () => {
  const protocol = parseEcho.proxyProtocol;
  const request = new RequestPacket();
  request.sBuffer = 'xyz';
  expect(protocol.requestFunc(request, { endpoint: '', isConnected: true })).toBe(request.sBuffer);
  const input = new NetWorkBuffer();
  input.addBuffer(Uint8Array.of(65, 66));
  const response = new ResponsePacket();
  expect(protocol.responseFunc(input, response)).toBe(PacketType.PACKET_FULL);
  expect(response.sBuffer.toString()).toBe('AB');
  expect(protocol.connectionSerial).toBe(1);
});
