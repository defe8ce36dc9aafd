import { once } from 'node:events';
import { connect } from 'node:net';
import { RegisteredServant, RegisteredServer, RegistryFProxy } from '@tarsier/framework/internal';
import {
  ByteVector,
  decodeResponse,
  decodeResult,
  Endpoint,
  encodeArgs,
  encodeRequest,
  RequestPacket,
  ResponsePacket,
  type TarsFunction,
  tars,
  tarsFunction,
} from '@tarsier/protocol';
import { Communicator, EndpointF, type FoundNodes, QueryFProxy } from '@tarsier/proxy';
import { afterEach, describe, expect, it } from 'vitest';
import { atEnd, endAll, registry } from './name-server.testkit.js';

afterEach(endAll);

const objects = { 'A.B.C': 'tcp -h 10.0.0.1 -p 1 -t 60000:tcp -h 10.0.0.2 -p 2 -t 60000' };

function communicator(): Communicator {
  const one = new Communicator();
  atEnd(() => one.terminate());
  return one;
}

function serverOf(instance: string, port: number, init: Partial<RegisteredServer> = {}): RegisteredServer {
  const endpoint = EndpointF.create({ host: '10.0.0.9', port, istcp: 1 });
  const servants = [RegisteredServant.create({ obj: 'A.B.C', endpoint })];
  return RegisteredServer.create({ application: 'A', serverName: 'B', instance, servants, ...init });
}

function portsOf({ activeEp, inactiveEp }: FoundNodes): [number[], number[]] {
  return [activeEp.map(({ port }) => port), inactiveEp.map(({ port }) => port)];
}

describe('RegistryServant over sockets', () => {
  it('answers bytes with bytes', async () => {
    const { locator } = await registry({ objects });
    const { port } = Endpoint.parse(locator.slice(locator.indexOf('@') + 1));
    const nodes = tars.list(tars.struct(EndpointF));
    const find: TarsFunction<[string], FoundNodes> = tarsFunction('findObjectByIdInSameGroup', tars.int, [
      { name: 'id', type: tars.string },
      { name: 'activeEp', type: nodes, isOut: true },
      { name: 'inactiveEp', type: nodes, isOut: true },
    ]);
    const request = new RequestPacket();
    request.iVersion = 1;
    request.iRequestId = 77;
    request.sServantName = 'tars.tarsregistry.QueryObj';
    request.sFuncName = find.name;
    request.sBuffer = encodeArgs(find, ['A.B.C'], 1);
    const socket = connect(port, '127.0.0.1');
    socket.write(encodeRequest(request).data());
    let bytes = Buffer.alloc(0);
    do {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      bytes = Buffer.concat([bytes, chunk]);
    } while (bytes.length < 4 || bytes.length < bytes.readUInt32BE(0));
    socket.destroy();
    const response = new ResponsePacket();
    decodeResponse(new ByteVector(bytes.subarray(4)), response);
    expect([response.iRequestId, response.iRet]).toEqual([77, 0]);
    expect(portsOf(decodeResult(find, response.sBuffer, 1))).toEqual([[1, 2], []]);
  });

  it('tells all nodes to those who ask for them, for a group, or for any', async () => {
    const { locator } = await registry({ objects });
    const query = communicator().stringToProxy(QueryFProxy, locator);
    expect((await query.findObjectById('A.B.C')).map(({ host }) => host)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(portsOf(await query.findObjectById4Any('A.B.C'))).toEqual([[1, 2], []]);
    expect(portsOf(await query.findObjectById4All('A.B.C'))).toEqual([[1, 2], []]);
    expect(portsOf(await query.findObjectByIdInSameGroup('A.B.C'))).toEqual([[1, 2], []]);
    expect(await query.findObjectByIdInSameGroup('A.B.None')).toEqual({ _ret: 0, activeEp: [], inactiveEp: [] });
  });

  it('answers in TUP and JSON too', async () => {
    const { locator } = await registry({ objects });
    const query = communicator().stringToProxy(QueryFProxy, locator);
    expect(portsOf(await query.findObjectByIdInSameGroup('A.B.C', { version: 3 }))).toEqual([[1, 2], []]);
    expect(portsOf(await query.findObjectByIdInSameGroup('A.B.C', { version: 5 }))).toEqual([[1, 2], []]);
  });

  it('tells the nodes of sets and stations', async () => {
    const { locator } = await registry();
    const one = communicator();
    const query = one.stringToProxy(QueryFProxy, locator);
    const servers = one.stringToProxy(RegistryFProxy, locator);
    expect(await servers.registerServer(serverOf('a', 1, { setId: 'app.sz.1', station: 'sz' }), 60_000)).toBe(0);
    expect(await servers.registerServer(serverOf('b', 2, { setId: 'app.sz.*', station: 'sz' }), 60_000)).toBe(0);
    expect(await servers.registerServer(serverOf('c', 3, { station: 'sh' }), 60_000)).toBe(0);
    expect(portsOf(await query.findObjectByIdInSameSet('A.B.C', 'app.sz.1'))).toEqual([[1], []]);
    expect(portsOf(await query.findObjectByIdInSameSet('A.B.C', 'app.sz.9'))).toEqual([[2], []]);
    expect(portsOf(await query.findObjectByIdInSameSet('A.B.C', 'app.sz.*'))).toEqual([[1, 2], []]);
    expect(await query.findObjectByIdInSameSet('A.B.C', 'nonsense')).toMatchObject({ _ret: -1, activeEp: [] });
    expect(portsOf(await query.findObjectByIdInSameStation('A.B.C', 'sz'))).toEqual([[1, 2], []]);
    expect(portsOf(await query.findObjectByIdInSameStation('A.B.C', 'bj'))).toEqual([[], []]);
    expect(portsOf(await query.findObjectByIdInSameGroup('A.B.C'))).toEqual([[1, 2, 3], []]);
    expect(await servers.unregister('a')).toBe(0);
    expect(portsOf(await query.findObjectByIdInSameSet('A.B.C', 'app.sz.1'))).toEqual([[2], []]);
  });

  it('tells as inactive whose lease is over', async () => {
    let nowMs = 0;
    const { locator } = await registry({ time: { now: () => nowMs } });
    const one = communicator();
    await one.stringToProxy(RegistryFProxy, locator).registerServer(serverOf('a', 1), 3000);
    nowMs = 3000;
    const query = one.stringToProxy(QueryFProxy, locator);
    expect(portsOf(await query.findObjectByIdInSameGroup('A.B.C'))).toEqual([[], [1]]);
    expect(await query.findObjectById('A.B.C')).toEqual([]);
  });

  it('says what is wrong with a registration', async () => {
    const { locator } = await registry();
    const servers = communicator().stringToProxy(RegistryFProxy, locator);
    await expect(servers.registerServer(serverOf('', 1), 3000)).rejects.toMatchObject({
      iRet: 1,
      message: expect.stringContaining('A.B cannot be registered: the name of the instance is empty') as string,
    });
  });

  it('takes what masters and slaves tell', async () => {
    const { locator } = await registry();
    const change: TarsFunction<[Map<string, string>, string], number> = tarsFunction('registerChange', tars.int, [
      { name: 'servers', type: tars.map(tars.string, tars.string) },
      { name: 'name', type: tars.string },
    ]);
    const query = communicator().stringToProxy(QueryFProxy, locator);
    const answer = await query.tarsInvoke('registerChange', encodeArgs(change, [new Map(), 'x'], 1));
    expect(answer.iRet).toBe(0);
  });
});
