import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TarsException, type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';
import { Communicator, TarsProxy } from '@tarsier/proxy';
import { afterEach, describe, expect, it } from 'vitest';
import { PropertyF, type StatPropMsg } from '../../../proxy/src/report/property-f.js';
import { StatF, type StatMicMsg } from '../../../proxy/src/report/stat-f.js';
import { Application } from '../application.js';
import { TarsServant } from '../tars/tars-servant.js';

const add: TarsFunction<[a: number, b: number], number> = tarsFunction('add', tars.int, [
  { name: 'a', type: tars.int },
  { name: 'b', type: tars.int },
]);
const later: TarsFunction<[], number> = tarsFunction('later', tars.int, []);
const fail: TarsFunction<[], void> = tarsFunction('fail', undefined, []);
const Calculator: TarsInterface = {
  name: 'Test.Calculator',
  functions: new Map([add, later, fail].map((fn) => [fn.name, fn as TarsFunction<never, unknown>])),
};

class CalculatorServant extends TarsServant {
  readonly tarsInterface = Calculator;

  add(a: number, b: number): number {
    return a + b;
  }

  async later(): Promise<number> {
    await Promise.resolve();
    return 7;
  }

  fail(): void {
    throw new TarsException('no', { iRet: 500 });
  }
}

class CalculatorProxy extends TarsProxy {
  add(a: number, b: number): Promise<number> {
    return this.invoke(add, [a, b]);
  }

  later(): Promise<number> {
    return this.invoke(later, []);
  }

  fail(): Promise<void> {
    return this.invoke(fail, []);
  }
}

interface Stats {
  readonly msg: StatMicMsg;
  readonly isFromClient: boolean;
}

class StatServant extends TarsServant {
  readonly tarsInterface = StatF;
  readonly #stats: Stats[];

  constructor(stats: Stats[]) {
    super();
    this.#stats = stats;
  }

  reportMicMsg(msg: StatMicMsg, isFromClient: boolean): number {
    this.#stats.push({ msg, isFromClient });
    return 0;
  }
}

class PropertyServant extends TarsServant {
  readonly tarsInterface = PropertyF;
  readonly #properties: StatPropMsg[];

  constructor(properties: StatPropMsg[]) {
    super();
    this.#properties = properties;
  }

  reportPropMsg(msg: StatPropMsg): number {
    this.#properties.push(msg);
    return 0;
  }
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** Who takes the reports, on ports of its own. */
async function startCollector() {
  const [stats, properties]: [Stats[], StatPropMsg[]] = [[], []];
  const app = new Application();
  app.initialize = () => {
    app.addServant(StatServant, 'StatObj', stats);
    app.addServant(PropertyServant, 'PropertyObj', properties);
  };
  cleanups.push(() => app.terminate());
  const section = (name: string) => ({
    servant: `tars.tarsstat.${name}`,
    endpoint: 'tcp -h 127.0.0.1 -p 0',
    protocol: 'tars' as const,
  });
  await app.main({
    app: 'tars',
    server: 'tarsstat',
    loglevel: 'NONE',
    adapters: { StatAdapter: section('StatObj'), PropertyAdapter: section('PropertyObj') },
  });
  const objectOf = (name: string) =>
    `tars.tarsstat.${name}@tcp -h 127.0.0.1 -p ${app.getBindAdapter(name)?.getEndpoint().port}`;
  return { app, stats, properties, stat: objectOf('StatObj'), property: objectOf('PropertyObj') };
}

/** A server that is configured by a file, as a node of TARS writes it. */
async function startCalculator(client: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'tarsier-reports-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config.conf');
  const lines = Object.entries(client).map(([key, value]) => `${key} = ${value}`);
  await writeFile(
    file,
    `<tars>
  <application>
    <server>
      app = Test
      server = CalculatorServer
      loglevel = NONE
      <CalculatorAdapter>
        servant = Test.CalculatorServer.CalculatorObj
        endpoint = tcp -h 127.0.0.1 -p 0
        protocol = tars
        maxconns = 100
      </CalculatorAdapter>
    </server>
    <client>
      ${lines.join('\n      ')}
    </client>
  </application>
</tars>
`,
  );
  const app = new Application();
  app.initialize = () => {
    app.addServant(CalculatorServant, 'CalculatorObj');
  };
  cleanups.push(() => app.terminate());
  await app.main(['node', 'server', `--config=${file}`]);
  return { app, port: app.getBindAdapter('CalculatorObj')?.getEndpoint().port ?? 0 };
}

function linesOf(stats: readonly Stats[]): string[] {
  const lines = stats.flatMap(({ msg, isFromClient }) =>
    Array.from(msg, ([head, { count, execCount }]) => {
      const { masterName, masterIp, slaveName, interfaceName, slaveIp, slavePort, returnValue } = head;
      const callee = `${slaveName}::${interfaceName} ${slaveIp}:${slavePort}`;
      return `${isFromClient} ${masterName} ${masterIp} > ${callee} ${returnValue}: ${count}/${execCount}`;
    }),
  );
  return lines.toSorted();
}

describe('reports of an application, over sockets', () => {
  it('counts what it serves and what is called, and reports the rest at the end', async () => {
    const { stats, properties, stat, property } = await startCollector();
    const { app, port } = await startCalculator({ stat, property, 'report-interval': '60000', 'sample-rate': '100' });
    const communicator = new Communicator({ stat, modulename: 'Test.Caller' });
    cleanups.push(() => communicator.terminate());
    const prx = communicator.stringToProxy(
      CalculatorProxy,
      `Test.CalculatorServer.CalculatorObj@tcp -h 127.0.0.1 -p ${port}`,
    );
    expect(await Promise.all([prx.add(1, 2), prx.add(3, 4), prx.later()])).toEqual([3, 7, 7]);
    await expect(prx.fail()).rejects.toMatchObject({ iRet: 500 });
    await communicator.terminate();
    await app.terminate();
    await settledAt(() => stats.length >= 2 && properties.length > 0);

    const server = 'stat_from_server 127.0.0.1 > Test.CalculatorServer';
    const caller = 'Test.Caller@0.1.0  > Test.CalculatorServer';
    expect(linesOf(stats)).toEqual([
      `false ${server}::add :${port} 0: 2/0`,
      `false ${server}::fail :${port} 500: 0/1`,
      `false ${server}::later :${port} 0: 1/0`,
      `true ${caller}::add 127.0.0.1:${port} 0: 2/0`,
      `true ${caller}::fail 127.0.0.1:${port} 500: 0/1`,
      `true ${caller}::later 127.0.0.1:${port} 0: 1/0`,
    ]);
    const heads = properties.flatMap((msg) =>
      Array.from(msg, ([{ moduleName, propertyName }, { vInfo }]) =>
        [moduleName, propertyName, vInfo.map(({ policy }) => policy).join()].join(' '),
      ),
    );
    expect(heads.toSorted()).toEqual([
      'Test.CalculatorServer CalculatorAdapter.connectRate Avg',
      'Test.CalculatorServer CalculatorAdapter.queue Avg',
      'Test.CalculatorServer CalculatorAdapter.servantHandleTime Avg',
      'Test.CalculatorServer CalculatorAdapter.timeoutNum Sum',
    ]);
  });

  it('serves on, and ends, when nobody takes its reports', async () => {
    const { app: collector, stat, property } = await startCollector();
    await collector.terminate();
    const { app, port } = await startCalculator({ stat, property });
    const communicator = new Communicator();
    cleanups.push(() => communicator.terminate());
    const prx = communicator.stringToProxy(
      CalculatorProxy,
      `Test.CalculatorServer.CalculatorObj@tcp -h 127.0.0.1 -p ${port}`,
    );
    expect(await prx.add(1, 2)).toBe(3);
    await app.terminate();
  });

  it('counts nothing without stat', async () => {
    const { stats, properties, property } = await startCollector();
    const { app, port } = await startCalculator({ property });
    const communicator = new Communicator();
    cleanups.push(() => communicator.terminate());
    const prx = communicator.stringToProxy(
      CalculatorProxy,
      `Test.CalculatorServer.CalculatorObj@tcp -h 127.0.0.1 -p ${port}`,
    );
    await prx.add(1, 2);
    await app.terminate();
    await settledAt(() => properties.length > 0);
    expect(stats).toEqual([]);
  });
});

/** What was sent one-way has arrived when it is there: nothing else tells. */
async function settledAt(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setImmediate(resolve));
}
