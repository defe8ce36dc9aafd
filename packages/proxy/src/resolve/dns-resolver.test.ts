import { Endpoint } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol, packet } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import { failureOf, requestsOf } from '../memory-client.testkit.js';
import { ManualTime } from '../time/manual-time.testkit.js';
import { MemoryTransport, networkError } from '../transport/memory-transport.testkit.js';
import { TestDns, watch } from './dns.testkit.js';
import type { DnsService } from './dns-lookup.js';
import { DnsResolver } from './dns-resolver.js';
import { rankServices } from './srv-ranks.js';

const A = 'a.example';
const srv = (host: string, port: number, priority = 0, weight = 0): DnsService => ({ host, port, priority, weight });

function dnsWith(records: Readonly<Record<string, readonly (string | DnsService)[]>>): TestDns {
  const dns = new TestDns();
  for (const [name, ofName] of Object.entries(records)) dns.set(name, ...ofName);
  return dns;
}

describe('DnsResolver', () => {
  it('is for lists with a name to look up', () => {
    const resolver = new DnsResolver({ lookup: new TestDns() });
    const can = (list: string): boolean =>
      resolver.canResolve({ name: 'O', endpoints: list === '' ? [] : Endpoint.parseList(list) });
    expect([can(''), can('tcp -h a -p 1'), can('tcp -h a -p 1:tcp -h b -p 1 -d dns')]).toEqual([false, false, true]);
  });

  it('makes a node of each address, with everything else of the endpoint', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1', 'fd00::1'] });
    const { updates } = await watch(`tcp -h ${A} -p 7 -v 1 -w 30 -r 2 -d dns`, dns);
    expect(updates).toEqual([['tcp -h 10.0.0.1 -p 7 -w 30 -v 1 -r 2', 'tcp -h fd00::1 -p 7 -w 30 -v 1 -r 2']]);
  });

  it('remembers the name where servers have one, unless the endpoint says another', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'], _p: [srv('b.example.', 9)], 'b.example': ['10.0.0.2'] });
    const list = `ssl -h ${A} -p 1 -d dns:wss -h ${A} -p 2 -u /x -d dns:ssl -h ${A} -p 3 -n c.example -d dns:ssl -h _p -d srv`;
    const { updates } = await watch(list, dns);
    expect(updates).toEqual([
      [
        'ssl -h 10.0.0.1 -p 1 -n a.example',
        'ssl -h 10.0.0.1 -p 3 -n c.example',
        // The target of the record, without the dot of the root.
        'ssl -h 10.0.0.2 -p 9 -n b.example',
        'wss -h 10.0.0.1 -p 2 -u /x -n a.example',
      ],
    ]);
    // One question for one name, however often it stands in the list.
    expect(dns.asked).toEqual([`a ${A}`, 'srv _p', 'a b.example']);
  });

  it('passes on what need not be looked up', async () => {
    const { updates } = await watch(`tcp -h s -p 1:tcp -h ${A} -p 7 -d dns`, dnsWith({ [A]: ['10.0.0.1'] }));
    expect(updates).toEqual([['tcp -h 10.0.0.1 -p 7', 'tcp -h s -p 1']]);
  });

  it('makes ranks of priorities and static weights of weights', async () => {
    const dns = dnsWith({
      _p: [srv('x', 1, 20), srv('y', 2, 10, 30), srv('z', 3, 10, 10), srv('x', 0), srv('.', 4), srv('', 5)],
      x: ['10.0.0.1'],
      y: ['10.0.0.2', '10.0.0.4'],
      z: ['10.0.0.3'],
    });
    const { updates } = await watch('tcp -h _p -r 5 -d srv', dns);
    expect(updates).toEqual([
      [
        'tcp -h 10.0.0.1 -p 1 -r 6',
        'tcp -h 10.0.0.2 -p 2 -w 100 -v 1 -r 5',
        'tcp -h 10.0.0.3 -p 3 -w 33 -v 1 -r 5',
        'tcp -h 10.0.0.4 -p 2 -w 100 -v 1 -r 5',
      ],
    ]);
  });

  it.each<[string, number[], (number | 'even')[]]>([
    ['one', [0], ['even']],
    ['equal', [5, 5], ['even', 'even']],
    ['in proportion', [65535, 0, 30000], [100, 1, 46]],
    ['small ones', [1000, 1], [100, 1]],
  ])('scales weights: %s', (_name, weights, expected) => {
    const changes = rankServices(
      weights.map((weight) => srv('h', 1, 0, weight)),
      Endpoint.parse('tcp -h _p -d srv -v 1 -w 7'),
    );
    expect(changes.map(({ weight, weightType }) => (weightType === 0 ? 'even' : weight))).toEqual(expected);
  });

  it('never goes above the largest rank', () => {
    const base = Endpoint.parse('tcp -h _p -d srv -r 65535');
    expect(rankServices([srv('h', 1, 1), srv('h', 1, 2)], base).map(({ rank }) => rank)).toEqual([65_535, 65_535]);
  });

  it('begins with another address in each client', async () => {
    let next = 0;
    const random = (): number => [0.9, 0.1, 0.5][next++ % 3] ?? 0;
    const { endpoints } = await watch(`tcp -h ${A} -p 1 -d dns`, dnsWith({ [A]: ['1.1.1.1', '2.2.2.2', '3.3.3.3'] }), {
      random,
    });
    expect(endpoints[0]?.map(({ host }) => host)).toEqual(['2.2.2.2', '3.3.3.3', '1.1.1.1']);
  });
});

describe('the time of a DnsResolver', () => {
  it('looks again each interval, and tells only what has changed', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1', '10.0.0.2'] });
    const { time, updates, session } = await watch(`tcp -h ${A} -p 1 -d dns`, dns, { refreshMs: 10_000 });
    expect([dns.asked.length, updates.length]).toEqual([1, 1]);
    dns.set(A, '10.0.0.2', '10.0.0.1');
    await time.advance(9_999);
    expect(dns.asked).toHaveLength(1);
    await time.advance(1);
    expect([dns.asked.length, updates.length]).toEqual([2, 1]);
    dns.set(A, '10.0.0.2', '10.0.0.3');
    await time.advance(10_000);
    expect(updates.slice(1)).toEqual([['tcp -h 10.0.0.2 -p 1', 'tcp -h 10.0.0.3 -p 1']]);
    session.stop();
    expect(time.timers).toBe(0);
  });

  it('looks again when the shortest life is over, not within a second, and never with 0', async () => {
    const dns = new TestDns();
    dns.set(A, { address: '10.0.0.1', ttlMs: 5000 }, { address: '10.0.0.2', ttlMs: 9000 });
    const short = await watch(`tcp -h ${A} -p 1 -d dns`, dns);
    await short.time.advance(4999);
    expect(dns.asked).toHaveLength(1);
    dns.set(A, { address: '10.0.0.1', ttlMs: 0 });
    await short.time.advance(1);
    expect(dns.asked).toHaveLength(2);
    await short.time.advance(999);
    expect(dns.asked).toHaveLength(2);
    await short.time.advance(1);
    expect(dns.asked).toHaveLength(3);
    short.session.stop();
    const never = await watch(`tcp -h ${A} -p 1 -d dns`, dns, { refreshMs: 0 });
    await never.time.advance(10_000_000);
    expect([dns.asked.length, never.time.timers]).toEqual([4, 0]);
    // But it does look when nodes refuse.
    never.session.refresh();
    await never.time.advance(1);
    expect(dns.asked).toHaveLength(5);
  });

  it('looks at once when nodes refuse, at most once a second, and shares the look that runs', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'] });
    const { time, session } = await watch(`tcp -h ${A} -p 1 -d dns`, dns);
    for (let i = 0; i < 100; i++) session.refresh();
    await time.advance(999);
    expect(dns.asked).toHaveLength(1);
    await time.advance(1);
    expect(dns.asked).toHaveLength(2);
    await time.advance(5000);
    dns.isSlow = true;
    session.refresh();
    await time.advance(1);
    expect(dns.asked).toHaveLength(3);
    session.refresh();
    await time.advance(4000);
    expect(dns.asked).toHaveLength(3);
    dns.answerAll();
    await time.advance(0);
    session.refresh();
    await time.advance(1);
    expect(dns.asked).toHaveLength(4);
    session.stop();
    session.refresh();
    expect(time.timers).toBe(0);
  });

  it('keeps what it knows when lookups fail or find nothing, tells why, and waits longer each time', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'] });
    const { time, updates, failures } = await watch(`tcp -h ${A} -p 1 -d dns`, dns, { random: () => 0.999 });
    dns.fail(A, 'ESERVFAIL');
    await time.advance(30_000);
    expect(failures.map(String)).toEqual([expect.stringContaining('a.example could not be looked up (ESERVFAIL)')]);
    expect(failures[0]).toMatchObject({ code: 'TARSIER_NO_ENDPOINT', cause: { code: 'ESERVFAIL' } });
    const times: number[] = [];
    let { length } = dns.asked;
    for (let i = 0; i < 100; i++) {
      await time.advance(1000);
      if (dns.asked.length > length) times.push(i + 1);
      ({ length } = dns.asked);
    }
    // 2, 4, 8, 16, 30, 30 s
    expect(times).toEqual([2, 6, 14, 30, 60, 90]);
    dns.set(A);
    await time.advance(30_000);
    expect(failures.at(-1)?.message).toContain('it has no address records');
    expect(updates).toHaveLength(1);
    dns.set(A, '10.0.0.2');
    for (let i = 0; i < 30 && updates.length < 2; i++) await time.advance(1000);
    expect(updates).toHaveLength(2);
    // From here on it is asked as before.
    ({ length } = dns.asked);
    await time.advance(29_000);
    expect(dns.asked).toHaveLength(length);
  });

  it('does not ask more often than once a second after failures, however small the chance', async () => {
    const dns = new TestDns();
    const { time, failures, updates } = await watch(`tcp -h ${A} -p 1 -d dns`, dns, { random: () => 0 });
    await time.advance(10_000);
    expect([failures.length, updates.length]).toEqual([11, 0]);
  });

  it('keeps the nodes of each host that cannot be looked up, and forgets hosts that are not named any more', async () => {
    const dns = dnsWith({ _p: [srv('x', 1), srv('y', 1)], x: ['10.0.0.1'], y: ['10.0.0.2'] });
    const { time, updates, failures, session } = await watch('tcp -h _p -d srv', dns);
    dns.fail('y', 'ETIMEOUT');
    dns.set('x', '10.0.0.3');
    await time.advance(30_000);
    expect(updates.at(-1)).toEqual(['tcp -h 10.0.0.2 -p 1', 'tcp -h 10.0.0.3 -p 1']);
    expect(failures.map(({ message }) => message)).toEqual(['y could not be looked up (ETIMEOUT)']);
    dns.set('_p', srv('x', 1));
    await time.advance(30_000);
    expect(updates.at(-1)).toEqual(['tcp -h 10.0.0.3 -p 1']);
    dns.set('_p', srv('x', 1), srv('y', 1));
    await time.advance(30_000);
    expect(updates.at(-1)).toEqual(['tcp -h 10.0.0.3 -p 1']);
    dns.set('_p', srv('.', 0));
    await time.advance(30_000);
    expect(failures.at(-1)?.message).toBe('_p could not be looked up (it has no SRV records)');
    expect(updates).toHaveLength(3);
    session.stop();
  });

  it('tells what is known when other names take long, and the rest when it comes', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'], b: ['10.0.0.2'] });
    dns.isSlow = true;
    const list = `tcp -h ${A} -p 1 -d dns:tcp -h b -p 1 -d dns`;
    const { time, updates } = await watch(list, dns);
    dns.answerAll('b');
    await time.advance(999);
    expect(updates).toEqual([]);
    await time.advance(1);
    expect(updates).toEqual([['tcp -h 10.0.0.2 -p 1']]);
    dns.answerAll();
    await time.advance(0);
    expect(updates.at(-1)).toEqual(['tcp -h 10.0.0.1 -p 1', 'tcp -h 10.0.0.2 -p 1']);
  });

  it('reports an answer that cannot be called, and lives on', async () => {
    const dns = dnsWith({ [A]: ['1 2'], _p: [srv('/x', 1)], '/x': ['10.0.0.1'], b: ['10.0.0.2'] });
    const { failures, updates } = await watch(`tcp -h ${A} -p 1 -d dns:ssl -h _p -d srv:tcp -h b -p 1 -d dns`, dns);
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining(`${A} could not be looked up`)]);
    expect(updates).toEqual([['tcp -h 10.0.0.2 -p 1']]);
  });

  it('says nothing after it was stopped, and lets the lookup know', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'] });
    dns.isSlow = true;
    const { time, session, updates, failures } = await watch(`tcp -h ${A} -p 1 -d dns`, dns);
    expect(dns.signals[0]?.aborted).toBe(false);
    session.stop();
    expect([dns.signals[0]?.aborted, time.timers]).toEqual([true, 0]);
    dns.answerAll();
    await time.advance(100_000);
    expect([updates, failures, time.timers]).toEqual([[], [], 0]);
  });
});

const NAME = `tcp -h ${A} -p 1 -d dns`;

/** A client over memory whose names the test answers for. */
function client(dns: TestDns, list: string = NAME) {
  const time = new ManualTime();
  const transport = new MemoryTransport();
  const resolver = new DnsResolver({ lookup: dns, time });
  const communicator = new Communicator(
    { timeoutcheckinterval: 1 },
    { transports: [transport], resolvers: [resolver], time },
  );
  const proxy = communicator.stringToProxy(`T.S.Obj@${list}`).setProtocol(idProtocol);
  return { time, transport, communicator, proxy };
}

describe('a proxy of names', () => {
  it('calls the addresses, finishes calls on those that are gone, and leaves no timer', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'] });
    const { time, transport, communicator, proxy } = client(dns);
    transport.onAsked = (connection) => connection.accept();
    const first = proxy.rpcCall(1, 'f', 'one');
    await time.advance(1);
    const [old] = transport.connections;
    expect([old?.endpoint.toString(), requestsOf(transport.last)]).toEqual(['tcp -h 10.0.0.1 -p 1 -t 3000', ['one']]);
    dns.set(A, '10.0.0.2');
    old?.drop(networkError('ECONNRESET'));
    await failureOf(first);
    const second = proxy.rpcCall(2, 'f', 'two', { timeoutMs: 60_000 });
    await time.advance(1);
    await time.advance(30_000);
    expect(proxy.endpoints().map(({ endpoint, state }) => `${endpoint.split(' ')[2] ?? ''} ${state}`)).toEqual([
      '10.0.0.2 idle',
      '10.0.0.1 leaving',
    ]);
    transport.last.receive(packet(2, 'ok'));
    expect((await second).sBuffer.toString()).toBe('ok');
    const third = proxy.rpcCall(3, 'f', 'three');
    await time.advance(1);
    expect(transport.last.endpoint.host).toBe('10.0.0.2');
    transport.last.receive(packet(3, 'ok'));
    await third;
    await communicator.terminate();
    expect(time.timers).toBe(0);
  });

  it('looks again when a node refuses', async () => {
    const dns = dnsWith({ [A]: ['10.0.0.1'] });
    const { time, transport, proxy, communicator } = client(dns);
    transport.onAsked = (connection) => {
      if (connection.endpoint.host === '10.0.0.2') connection.accept();
      else connection.drop(networkError('ECONNREFUSED'));
    };
    const refused = failureOf(proxy.rpcCall(1, 'f', ''));
    await time.advance(1);
    expect((await refused).code).toBe('TARSIER_CONNECT_FAILED');
    dns.set(A, '10.0.0.2');
    await time.advance(1000);
    expect(proxy.endpoints().map(({ endpoint }) => endpoint)).toEqual(['tcp -h 10.0.0.2 -p 1 -t 3000']);
    await communicator.terminate();
  });

  it('lets calls wait for a name that cannot be looked up, and says why when their time is over', async () => {
    const { time, proxy, communicator } = client(new TestDns());
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 50 }));
    await time.advance(60);
    const error = await failed;
    expect([error.code, error.where.phase]).toEqual(['TARSIER_CALL_TIMEOUT', 'resolving']);
    expect(error.message).toContain('a.example could not be looked up (ENOTFOUND)');
    expect(proxy.statistics().resolveFailures).toBe(1);
    await communicator.terminate();
    expect(time.timers).toBe(0);
  });

  it('takes no name as a node from the program', () => {
    const { proxy } = client(new TestDns());
    expect(() => proxy.updateEndpoints([NAME])).toThrow(/updateEndpoints looks no names up \(-d\)/);
  });
});

describe('the resolver of a communicator', () => {
  it('needs no program to name it in Node, and says which property cannot be used', () => {
    const make = (properties: Record<string, string | number>) =>
      new Communicator(properties).stringToProxy(`T.S.Obj@${NAME}`);
    make({ 'dns-servers': '127.0.0.1:8600; [::1]:53', 'dns-family': 4, 'dns-refresh-interval': 0 });
    expect(() => make({ 'dns-servers': 'a.example' })).toThrow(
      /property dns-servers: expected addresses.*"a\.example"/,
    );
    expect(() => make({ 'dns-family': 5 })).toThrow(/property dns-family: expected 4, 6, or 0 for both, found "5"/);
    expect(() => make({ 'dns-refresh-interval': -1 })).toThrow(/property dns-refresh-interval/);
  });
});
