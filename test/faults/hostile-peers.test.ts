import { setTimeout as delay } from 'node:timers/promises';
import { type PacketParser, PacketType, TarsDecodeException } from '@tarsier/framework';
import { PushRegister } from '@tarsier/servant-push';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BindAdapterImpl } from '../../packages/framework/src/adapter/bind-adapter-impl.js';
import { CloseType } from '../../packages/framework/src/close-type.js';
import { client, destroyClients, frame } from '../../packages/framework/src/raw-client.testkit.js';
import { calls, startServer, stopServers } from '../../packages/framework/src/test-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopServers();
});

/** The parser of the PushDemo document, with the limits that it meant. */
const documentParser: PacketParser = (input, output) => {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = input.getValueOf4();
  if (length > 100_000 || length < 8) {
    throw new TarsDecodeException(`packet length too long or too short, len: ${length}`);
  }
  if (input.getBufferLength() < length) return PacketType.PACKET_LESS;
  input.getHeader(length, output);
  input.moveHeader(length);
  return PacketType.PACKET_FULL;
};

describe('lengths that lie', () => {
  it.each([
    ['negative', 'ffffffff'],
    ['the most negative', '80000000'],
    ['zero', '00000000'],
    ['too small', '00000007'],
    ['too large', '000186a1'],
  ])('%s: that connection is closed, no other notices', async (_what, hex) => {
    const types = calls<number>(1);
    const { app, port } = await startServer(
      { doClose: (current) => types.call(current.getCloseType()) },
      {},
      {},
      documentParser,
    );
    const good = await client(port);
    const bad = await client(port);
    bad.send(Buffer.concat([frame(1, 'fine'), Buffer.from(hex, 'hex'), frame(2, 'never served')]));
    expect(await bad.take(12)).toEqual(frame(1, 'fine'));
    await bad.closed();
    expect(bad.received).toHaveLength(0);
    expect(await types.all).toEqual([CloseType.EM_PROTOCOL_ERROR_CLOSE]);
    good.send(frame(9, 'good'));
    expect(await good.take(12)).toEqual(frame(9, 'good'));
    expect(app.getBindAdapter('Obj')?.counters.protocolErrors).toBe(1);
  });
});

describe('peers that break off', () => {
  it('may reset in the middle of a packet', async () => {
    const types = calls<number>(20);
    const { app, port } = await startServer({ doClose: (current) => types.call(current.getCloseType()) });
    for (let i = 0; i < 20; i++) {
      const peer = await client(port);
      peer.send(Buffer.concat([frame(1, 'whole'), frame(2, 'half of it').subarray(0, 10)]));
      await peer.take(13);
      peer.socket.resetAndDestroy();
    }
    expect(new Set(await types.all)).toEqual(new Set([CloseType.EM_RESET_CLOSE]));
    expect(app.getBindAdapter('Obj')?.getNowConnection()).toBe(0);
  });

  it('may send one byte a second: emptyconntimeout ends it, and others are served meanwhile', async () => {
    const types = calls<number>(1);
    const { port } = await startServer(
      { doClose: (current) => types.call(current.getCloseType()) },
      { idle: 60_000, emptyconntimeout: 2500 },
    );
    const slow = await client(port);
    const lively = await client(port);
    const packet = frame(1, 'a packet that takes half a minute');
    for (const byte of packet) {
      if (slow.isClosed) break;
      slow.send(Uint8Array.of(byte));
      lively.send(frame(5, 'x'));
      await lively.take(9);
      await Promise.race([delay(1000), slow.closed()]);
    }
    expect(slow.isClosed).toBe(true);
    expect(await types.all).toEqual([CloseType.EM_SERVER_TIMEOUT_CLOSE]);
  });
});

describe('a peer that never reads while being pushed to', () => {
  it('is closed at the limit; memory stays bounded and others get every push', async () => {
    const users = new PushRegister();
    const joined = calls<void>(6);
    const types: number[] = [];
    const { app, port } = await startServer(
      {
        doRequest: (current) => {
          users.add(current);
          joined.call();
          return 0;
        },
        doClose: (current) => {
          types.push(current.getCloseType());
          users.remove(current);
        },
      },
      { backpacketlimit: '4M' },
    );
    const stuck = await client(port);
    stuck.send(frame(1, 'join'));
    stuck.socket.pause();
    const readers = await Promise.all(Array.from({ length: 5 }, () => client(port)));
    for (const reader of readers) reader.send(frame(1, 'join'));
    await joined.all;
    const push = frame(0, 'x'.repeat(65_528));
    const [stuckConnection] = (app.getBindAdapter('Obj') as BindAdapterImpl).connections;
    let most = 0;
    for (let i = 0; i < 400; i++) {
      users.pushAll(push);
      most = Math.max(most, stuckConnection?.pendingBytes ?? 0);
      for (const reader of readers) expect((await reader.take(push.length)).length).toBe(push.length);
    }
    expect(most).toBeGreaterThan(1_000_000);
    expect(most).toBeLessThanOrEqual(4 * 1_048_576);
    await vi.waitUntil(() => types.length === 1);
    expect(types).toEqual([CloseType.EM_FLOW_CONTROL_CLOSE]);
    expect(users.size).toBe(5);
  });
});
