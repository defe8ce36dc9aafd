import { readFile } from 'node:fs/promises';
import {
  type ByteVector,
  ConfigException,
  decodeArgs,
  Endpoint,
  encodeRequest,
  type RequestPacket,
} from '@tarsier/protocol';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Communicator } from '../communicator.js';
import type { PropertyValue } from '../communicator-properties.js';
import { failureOf, LineLogger } from '../memory-client.testkit.js';
import { RegistryLab } from '../registry/registry.testkit.js';
import type { Resolver } from '../resolve/resolver.js';
import { HelloProxy } from '../tars/hello.testkit.js';
import { type Serve, TarsNetwork } from '../tars/tars-network.testkit.js';
import { TarsProxy } from '../tars/tars-proxy.js';
import { ManualTime } from '../time/manual-time.testkit.js';
import { reportPropMsg, type StatPropMsg } from './property-f.js';
import { REPORT_VERSION } from './report-version.js';
import { reportMicMsg, type StatMicMsg, type StatMicMsgHead } from './stat-f.js';

const HELLO = 'TestApp.HelloServer.HelloObj';
const STAT = 'tars.tarsstat.StatObj@tcp -h stat -p 1';
const PROPERTY = 'tars.tarsproperty.PropertyObj@tcp -h property -p 2';

const communicators: Communicator[] = [];
// Else it is loaded at a time of its own.
beforeAll(() => import('./reporter.js'));
afterEach(async () => {
  await Promise.all(communicators.splice(0).map((one) => one.terminate()));
});

/** A decoded request has its body as bytes. */
function bodyOf({ sBuffer }: RequestPacket): ByteVector {
  return sBuffer as ByteVector;
}

/** What came to the object of `stat` or `property`. */
interface Taken {
  readonly requests: RequestPacket[];
  readonly stats: { readonly msg: StatMicMsg; readonly isFromClient: boolean }[];
  readonly properties: StatPropMsg[];
}

function reportingClient(properties: Record<string, PropertyValue> = {}, onHello?: Serve) {
  const taken: Taken = { requests: [], stats: [], properties: [] };
  const network = new TarsNetwork();
  network.servers.set('hello', (request, connection) => {
    if (onHello === undefined) connection.answer(request, { sBuffer: Uint8Array.of(0x00, 3) });
    else onHello(request, connection);
  });
  network.servers.set('stat', (request, connection) => {
    if (request.sFuncName === 'tars_ping') {
      connection.answer(request);
      return;
    }
    taken.requests.push(request);
    const [msg, isFromClient] = decodeArgs(reportMicMsg, bodyOf(request), 1);
    taken.stats.push({ msg, isFromClient });
  });
  network.servers.set('property', (request) => {
    taken.properties.push(...decodeArgs(reportPropMsg, bodyOf(request), 1));
  });
  const [time, logger] = [new ManualTime(), new LineLogger()];
  const communicator = new Communicator(
    { modulename: 'Test.Caller', ...properties },
    { transports: [network], time, logger },
  );
  communicators.push(communicator);
  const hello = communicator.stringToProxy(HelloProxy, `${HELLO}@tcp -h hello -p 7000`);
  return { communicator, hello, network, time, logger, taken };
}

/** Heads and bodies, as text. */
function linesOf({ stats }: Taken): string[] {
  return stats.flatMap(({ msg }) =>
    Array.from(msg, ([head, { count, timeoutCount, execCount }]) => {
      const { masterName, slaveName, interfaceName, slaveIp, slavePort, returnValue } = head;
      return `${masterName} > ${slaveName}::${interfaceName} ${slaveIp}:${slavePort} ${returnValue}: ${count}/${timeoutCount}/${execCount}`;
    }),
  );
}

describe('stat reports', () => {
  it('reports each interval what was called, and how it went', async () => {
    const { hello, time, taken } = reportingClient({ stat: STAT }, (request, connection) => {
      if (request.sFuncName === 'notify') return;
      connection.answer(request, request.sFuncName === 'add' ? { sBuffer: Uint8Array.of(0x00, 3) } : { iRet: 100 });
    });
    await time.advance(0);
    await Promise.all([hello.add(1, 2), hello.add(1, 2)]);
    const refused = failureOf(hello.testHello('x'));
    const late = failureOf(hello.notify('x', { timeoutMs: 50 }));
    hello.asyncNotify(null, 'one-way');
    await time.advance(100);
    expect([(await refused).iRet, (await late).iRet]).toEqual([100, -7]);
    await time.advance(59_000);
    expect(taken.stats).toEqual([]);
    await time.advance(1000);
    expect(linesOf(taken)).toEqual([
      `Test.Caller@${REPORT_VERSION} > TestApp.HelloServer::add hello:7000 0: 2/0/0`,
      `Test.Caller@${REPORT_VERSION} > TestApp.HelloServer::notify hello:7000 -7: 0/1/0`,
      `Test.Caller@${REPORT_VERSION} > TestApp.HelloServer::testHello hello:7000 100: 0/0/1`,
    ]);
    expect(taken.stats[0]?.isFromClient).toBe(true);
    // One-way, and the reports themselves are not reported.
    expect(taken.requests.map(({ cPacketType, sFuncName }) => [cPacketType, sFuncName])).toEqual([[1, 'reportMicMsg']]);
    await time.advance(120_000);
    expect(taken.stats).toHaveLength(1);
  });

  it('says which set calls, and which is called', async () => {
    const set = { stat: STAT, enableset: 'y', setdivision: 'app.sz.1', modulename: `M.${'x'.repeat(200)}` };
    const { hello, time, taken } = reportingClient(set);
    await time.advance(0);
    await hello.add(1, 2);
    await time.advance(60_000);
    const [head] = taken.stats[0]?.msg.keys() ?? [];
    expect(head?.masterName).toBe(`M.${'x'.repeat(125)}.appsz1@${REPORT_VERSION}`);
    expect([head?.slaveName, head?.slaveSetName]).toEqual(['TestApp.HelloServer', '']);
  });

  it('looks the object up at the locator', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator({ stat: 'tars.tarsstat.StatObj', modulename: 'Test.Caller' });
    await communicator.stringToProxy(TarsProxy, 'A.B.C').tarsInvoke('f', new Uint8Array());
    await communicator.terminate();
    const report = lab.called.find(({ sServantName }) => sServantName === 'tars.tarsstat.StatObj');
    expect(report?.sFuncName).toBe('reportMicMsg');
    const [msg] = decodeArgs(reportMicMsg, bodyOf(report as RequestPacket), 1);
    expect(Array.from(msg.keys(), (head) => head.slaveName)).toContain('A.B');
  });

  it('says in which set the servers were looked up that it calls', async () => {
    const network = new TarsNetwork();
    network.servers.set('hello', (request, connection) => {
      connection.answer(request, { sBuffer: Uint8Array.of(0x00, 3) });
    });
    const heads: StatMicMsgHead[] = [];
    network.servers.set('stat', (request) => {
      heads.push(...decodeArgs(reportMicMsg, bodyOf(request), 1)[0].keys());
    });
    const resolver: Resolver = {
      name: 'own',
      canResolve: ({ setName }) => setName !== undefined,
      watch: (_target, watcher) => {
        watcher.update([Endpoint.parse('tcp -h hello -p 7000')]);
        return { refresh: () => undefined, stop: () => undefined };
      },
    };
    const communicator = new Communicator({ stat: STAT }, { transports: [network], resolvers: [resolver] });
    await communicator.stringToProxy(HelloProxy, HELLO, 'app.sz.1').add(1, 2);
    await communicator.terminate();
    expect(heads).toMatchObject([
      { slaveName: 'TestApp.HelloServer.appsz1', slaveSetName: 'app', slaveSetArea: 'sz', slaveSetID: '1' },
    ]);
  });

  it('counts what ends before its code is loaded', async () => {
    const { communicator, hello, time, taken } = reportingClient({ stat: STAT });
    await Promise.all([hello.add(1, 2), time.advance(0)]);
    await communicator.terminate();
    expect(linesOf(taken)).toEqual([`Test.Caller@${REPORT_VERSION} > TestApp.HelloServer::add hello:7000 0: 1/0/0`]);
  });

  it('splits a report so that no packet is larger than max-report-size', async () => {
    const { communicator, hello, time, taken } = reportingClient({ stat: STAT, 'max-report-size': 700 });
    await time.advance(0);
    await Promise.all(Array.from({ length: 40 }, (_, i) => hello.tarsInvoke(`function${i}`, new Uint8Array())));
    await communicator.terminate();
    expect(taken.stats.length).toBeGreaterThan(5);
    const functions = taken.stats.flatMap(({ msg }) => Array.from(msg.keys(), (head) => head.interfaceName));
    expect(new Set(functions).size).toBe(40);
    const sizes = taken.requests.map((request) => encodeRequest(request).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(700);
    expect(Math.max(...sizes)).toBeGreaterThan(500);
  });

  it('loses reports that cannot be sent, tells it rarely, and goes on', async () => {
    const { hello, network, time, logger, taken } = reportingClient({ stat: STAT });
    const stat = network.servers.get('stat') as Serve;
    network.servers.delete('stat');
    await time.advance(0);
    for (let i = 0; i < 5; i++) {
      await hello.add(1, 2);
      await time.advance(60_000);
    }
    const warnings = logger.lines.filter((line) => line.includes('are lost'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('reports to tars.tarsstat.StatObj@tcp -h stat -p 1 are lost, 1 until now');
    expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    network.servers.set('stat', stat);
    await hello.add(1, 2);
    await time.advance(120_000);
    expect(linesOf(taken)).toHaveLength(1);
  });

  it('ends in time when nobody takes the last report', async () => {
    const { communicator, hello, network, time } = reportingClient({ stat: STAT });
    network.servers.delete('stat');
    await time.advance(0);
    await hello.add(1, 2);
    const ended = communicator.terminate();
    await time.advance(1000);
    await ended;
    expect(time.timers).toBe(0);
  });

  it('works on when the object cannot be looked up', async () => {
    const { communicator, hello, logger, time } = reportingClient({ stat: 'tars.tarsstat.StatObj' });
    await time.advance(0);
    expect(await hello.add(1, 2)).toBe(3);
    expect(logger.lines.join()).toMatch(/nothing is reported to tars\.tarsstat\.StatObj, the property stat: .*locator/);
    await communicator.terminate();
  });

  it.each(['stat', 'property'])('refuses a text of %s that is no object', (key) => {
    expect(() => new Communicator({ [key]: 'Obj@tpc -h a' })).toThrow(ConfigException);
    expect(() => new Communicator({ [key]: 'Obj@tpc -h a' })).toThrow(`property ${key}`);
  });
});

it('names the version of the package', async () => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: REPORT_VERSION });
});

describe('property reports', () => {
  it('reports what the policies make of the values of each interval', async () => {
    const { communicator, time, taken } = reportingClient({ property: PROPERTY, 'report-interval': 20_000 });
    const report = communicator.getStatReport();
    const waiting = report?.createPropertyReport('waiting', 'Sum', 'Avg', { Distr: [2, 10] });
    expect(report?.getPropertyReport('waiting')).toBe(waiting);
    expect(report?.createPropertyReport('waiting', 'Max')).toBe(waiting);
    for (const value of [1, 3, Number.NaN]) waiting?.report(value);
    report?.createPropertyReport('idle', 'Max');
    await time.advance(0);
    await time.advance(20_000);
    const [msg] = taken.properties;
    expect(
      Array.from(msg ?? [], ([head, { vInfo }]) => [head, vInfo.map(({ policy, value }) => `${policy} ${value}`)]),
    ).toEqual([
      [
        expect.objectContaining({ moduleName: 'Test.Caller', ip: '', propertyName: 'waiting', iPropertyVer: 2 }),
        ['Sum 4', 'Avg 2', 'Distr 2|1,10|1'],
      ],
    ]);
    await time.advance(20_000);
    expect(taken.properties).toHaveLength(1);
    waiting?.report(9);
    await communicator.terminate();
    expect(taken.properties).toHaveLength(2);
  });

  it('refuses policies that are not known', () => {
    const report = reportingClient({ property: PROPERTY }).communicator.getStatReport();
    expect(() => report?.createPropertyReport('x')).toThrow(/property report x: give it one or more of Sum/);
    expect(() => report?.createPropertyReport('x', 'Median' as never)).toThrow(/found \["Median"\]/);
    expect(() => report?.createPropertyReport('x', { Distr: [Number.NaN] })).toThrow(/Distr/);
  });

  it.each([
    ['report-interval', 1, 10_000],
    ['report-interval', 30_000, 30_000],
  ])('reports with %s = %i each %i ms', async (key, value, ms) => {
    const { communicator, time, taken } = reportingClient({ property: PROPERTY, [key]: value });
    communicator.getStatReport()?.createPropertyReport('x', 'Count').report(1);
    await time.advance(0);
    await time.advance(ms - 1);
    expect(taken.properties).toHaveLength(0);
    await time.advance(1);
    expect(taken.properties).toHaveLength(1);
  });
});
