import { PacketType } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol, packet } from '../call/id-protocol.testkit.js';
import { connectedClient, failureOf, memoryClient, Recorder, requestsOf, settled } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

describe('ClientConnection, reading', () => {
  it('sees the same packets however they are cut', async () => {
    const { transport, proxy } = await connectedClient();
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    const stream = Buffer.concat([packet(0, 'first'), packet(0, ''), packet(0, 'third')]);
    for (const byte of stream) transport.last.receive(Uint8Array.of(byte));
    expect(recorder.log).toEqual(['first', '', 'third']);
  });

  it.each([
    ['PACKET_ERR', Buffer.from([0, 0, 0, 3, 9]), /responseFunc said PACKET_ERR; the bytes begin with 00 00 00 03 09/],
    ['an exception', Buffer.from([255, 255, 255, 240]), /could not be decoded: cannot read this/],
  ])('closes the connection on %s; its calls fail with the cause', async (_name, bytes, text) => {
    const { transport, proxy, logger } = await connectedClient();
    const closes: unknown[] = [];
    proxy.on('close', ({ error }) => closes.push(error?.code));
    const [answered, failed] = [proxy.rpcCall(1, 'f', ''), failureOf(proxy.rpcCall(2, 'f', ''))];
    await settled();
    transport.last.receive(Buffer.concat([packet(1, 'before'), bytes]));
    expect((await answered).sBuffer.toString()).toBe('before');
    const error = await failed;
    expect([error.name, error.code, error.iRet]).toEqual(['TarsDecodeException', 'TARSIER_CLIENT_DECODE', -12]);
    expect(error.message).toMatch(text);
    expect(error.where).toMatchObject({ requestId: 2, endpoint: 'tcp -h a -p 1 -t 3000' });
    await settled();
    expect([transport.last.isClosed, closes]).toEqual([true, ['TARSIER_CLIENT_DECODE']]);
    expect(logger.lines.some((line) => line.startsWith('warn'))).toBe(true);
  });

  it('keeps what the decoder threw as the cause', async () => {
    const { transport, proxy } = await connectedClient();
    const cause = new RangeError('out of it');
    proxy.setProtocol({
      ...idProtocol,
      responseFunc() {
        throw cause;
      },
    });
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await settled();
    transport.last.receive(packet(1, ''));
    expect((await failed).cause).toBe(cause);
  });

  it.each([
    [PacketType.PACKET_FULL, /PACKET_FULL without taking a byte/],
    [77 as PacketType, /responseFunc said 77/],
  ])('takes the answer %s without progress for a fault', async (type, text) => {
    const { transport, proxy } = await connectedClient();
    proxy.setProtocol({ ...idProtocol, responseFunc: () => type });
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await settled();
    transport.last.receive(packet(1, ''));
    const error = await failed;
    expect([error.code, text.test(error.message)]).toEqual(['TARSIER_CLIENT_DECODE', true]);
  });

  it('closes when more is buffered than recvbufferlimit', async () => {
    const { transport, proxy } = await connectedClient({ recvbufferlimit: 1000 });
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await settled();
    const large = packet(1, 'x'.repeat(5000));
    transport.last.receive(large.subarray(0, 1000));
    expect(transport.last.isClosing).toBe(false);
    transport.last.receive(large.subarray(1000, 1001));
    const error = await failed;
    expect(error.code).toBe('TARSIER_PACKET_TOO_LARGE');
    expect(error.message).toContain('1001 bytes came that do not form a packet yet, above recvbufferlimit 1000');
    expect(transport.last.isClosing).toBe(true);
  });

  it('dispatches PACKET_FULL_CLOSE, then closes; other calls are lost, later ones connect again', async () => {
    const { transport, proxy } = await connectedClient();
    const [last, other] = [proxy.rpcCall(1, 'f', ''), failureOf(proxy.rpcCall(2, 'f', ''))];
    await settled();
    transport.last.receive(Buffer.concat([packet(1, 'last'), packet(2, 'not read any more')]));
    expect((await last).sBuffer.toString()).toBe('last');
    const error = await other;
    expect([error.code, error.message.includes('PACKET_FULL_CLOSE')]).toEqual(['TARSIER_CONNECTION_LOST', true]);
    await settled();
    expect(transport.last.isClosed).toBe(true);
    const next = proxy.rpcCall(3, 'f', 'next');
    await settled();
    expect([transport.connections.length, requestsOf(transport.last)]).toEqual([2, ['next']]);
    transport.last.receive(packet(3, 'ok'));
    expect((await next).sBuffer.toString()).toBe('ok');
  });

  it('drops an answer to a call that another connection carries', async () => {
    const { transport, proxy } = memoryClient({}, 'tcp -h a -p 1:tcp -h b -p 2', (connection) => {
      connection.accept();
    });
    const calls = [proxy.rpcCall(1, 'f', ''), proxy.rpcCall(2, 'f', '')];
    await settled();
    const [first, second] = transport.connections as [MemoryConnection, MemoryConnection];
    first.receive(packet(2, 'not yours'), packet(1, 'one'));
    second.receive(packet(1, 'not yours'), packet(2, 'two'));
    expect((await Promise.all(calls)).map(({ sBuffer }) => sBuffer.toString())).toEqual(['one', 'two']);
    expect(proxy.statistics().droppedAnswers).toBe(2);
  });

  it('survives a decoder that closes the proxy', async () => {
    const { transport, proxy } = await connectedClient();
    let closed: Promise<void> | undefined;
    proxy.setProtocol({
      ...idProtocol,
      responseFunc(input, response) {
        closed = proxy.close();
        return idProtocol.responseFunc(input, response);
      },
    });
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await settled();
    transport.last.receive(packet(1, 'x'));
    await closed;
    expect((await failed).code).toBe('TARSIER_CLOSED');
  });
});

describe('ClientConnection, losing', () => {
  it.each([
    ['closed by the peer', undefined],
    ['reset by the peer', 'ECONNRESET'],
    ['broken (EPIPE)', 'EPIPE'],
  ])('fails the calls that were sent at once: %s', async (text, code) => {
    const { transport, proxy } = await connectedClient();
    const failed = failureOf(proxy.rpcCall(9, 'echo', ''));
    await settled();
    const cause = code === undefined ? undefined : networkError(code);
    transport.last.drop(cause);
    const error = await failed;
    expect([error.name, error.code, error.cause]).toEqual([
      'TarsServerConnectionException',
      'TARSIER_CONNECTION_LOST',
      cause,
    ]);
    expect(error.message).toMatch(/^Test\.Echo\.EchoObj::echo failed: tcp -h a -p 1 -t 3000 was /);
    expect(error.message).toContain(text);
    expect(error.message).toMatch(/ \d+ ms after the request was sent \(request 9\)/);
  });

  it('takes the end of what the peer sends for the end', async () => {
    const { transport, proxy } = await connectedClient();
    const failed = failureOf(proxy.rpcCall(9, 'echo', ''));
    await settled();
    transport.last.handlers.onEnd();
    expect((await failed).code).toBe('TARSIER_CONNECTION_LOST');
    await settled();
    expect(transport.last.isClosed).toBe(true);
  });
});

describe('ClientConnection, a network that is full', () => {
  it('keeps bytes back while it is blocked, and sends them in one piece when it drains', async () => {
    const { transport, proxy } = await connectedClient();
    transport.last.isBlocked = true;
    void proxy.rpcCall(1, 'f', 'a').catch(() => undefined);
    await settled();
    expect(requestsOf(transport.last)).toEqual(['a']);
    void proxy.rpcCall(2, 'f', 'b').catch(() => undefined);
    await settled();
    void proxy.rpcCall(3, 'f', 'c').catch(() => undefined);
    await settled();
    expect(transport.last.written).toEqual([]);
    transport.last.drain();
    expect(transport.last.written).toHaveLength(1);
    expect(requestsOf(transport.last)).toEqual(['b', 'c']);
  });

  it('lets sendqueuelimit calls wait, and refuses the next', async () => {
    const { transport, proxy } = await connectedClient({ sendqueuelimit: 2 });
    transport.last.isBlocked = true;
    const recorder = new Recorder();
    const calls = [1, 2, 3].map((id) => proxy.rpcCall(id, 'f', `${id}`));
    await settled();
    proxy.rpcCallAsync(4, 'f', '4', recorder);
    const error = await failureOf(proxy.rpcCall(5, 'f', '5'));
    expect([error.name, error.code]).toEqual(['TarsClientQueueException', 'TARSIER_CLIENT_QUEUE_FULL']);
    expect(error.message).toContain('2 calls wait for tcp -h a -p 1 -t 3000 already');
    transport.last.drain();
    expect(requestsOf(transport.last)).toEqual(['1', '2', '3', '4']);
    transport.last.receive(...[1, 2, 3, 4].map((id) => packet(id, `r${id}`)));
    expect((await Promise.all(calls)).map(({ sBuffer }) => sBuffer.toString())).toEqual(['r1', 'r2', 'r3']);
    expect(recorder.log).toEqual(['r4']);
  });

  it('does not count calls that only wait for the end of the tick', async () => {
    const { transport, proxy } = await connectedClient({ sendqueuelimit: 2 });
    const calls = Array.from({ length: 10 }, (_, i) => proxy.rpcCall(i + 1, 'f', `${i + 1}`));
    await settled();
    expect(requestsOf(transport.last)).toHaveLength(10);
    transport.last.receive(...calls.map((_, i) => packet(i + 1, '')));
    await Promise.all(calls);
  });

  it('moves calls that were not sent to the next connection, and says when one timed out unsent', async () => {
    const { transport, proxy, time } = await connectedClient();
    const first = transport.last;
    first.isBlocked = true;
    const sent = failureOf(proxy.rpcCall(1, 'f', 'sent'));
    await settled();
    const late = failureOf(proxy.rpcCall(2, 'f', 'late', { timeoutMs: 20 }));
    const queued = proxy.rpcCall(3, 'f', 'queued');
    await time.advance(21);
    const error = await late;
    expect(error.message).toContain('was not sent, because the peer does not read');
    first.receive(packet(3, 'an answer to an older call'));
    first.drop(networkError('ECONNRESET'));
    expect((await sent).code).toBe('TARSIER_CONNECTION_LOST');
    await settled();
    expect(transport.connections).toHaveLength(2);
    expect(requestsOf(transport.last)).toEqual(['queued']);
    transport.last.receive(packet(3, 'ok'));
    expect((await queued).sBuffer.toString()).toBe('ok');
  });
});
