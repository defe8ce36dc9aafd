import { ByteVector, TarsInputStream, type TarsInterface, TarsOutputStream } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Application } from '../application.js';
import { setLogger } from '../log/log.js';
import { TarsServant } from '../tars/tars-servant.js';
import { calls, startServer, stopServers } from '../test-server.testkit.js';
import { VERSION } from '../version.js';
import { NodeAgent } from './node-agent.js';
import { keepAlive, reportVersion, ServerInfo } from './server-f.js';

const NODE = 'tars.tarsnode.ServerObj';
const apps = new Set<Application>();

afterEach(async () => {
  await stopServers();
  await Promise.all(Array.from(apps, (app) => app.terminate()));
  apps.clear();
  setLogger(undefined);
});

class FakeNode extends TarsServant {
  readonly tarsInterface: TarsInterface = {
    name: 'tars.ServerF',
    functions: new Map([
      [keepAlive.name, keepAlive as never],
      [reportVersion.name, reportVersion as never],
    ]),
  };
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    super();
    this.#tell = tell;
  }

  keepAlive({ application, serverName, pid, adapter }: ServerInfo): number {
    this.#tell(`${application}.${serverName} ${pid === process.pid} ${adapter}`);
    return 0;
  }

  reportVersion(app: string, serverName: string, version: string): number {
    this.#tell(`${app}.${serverName} ${version}`);
    return 0;
  }
}

/** A node agent that passes on what it is told. */
async function fakeNode(tell: (line: string) => void): Promise<string> {
  const app = new Application();
  apps.add(app);
  app.addServant(FakeNode, NODE, tell);
  await app.main({
    app: 'tars',
    server: 'tarsnode',
    loglevel: 'NONE',
    adapters: { A: { servant: NODE, endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000', protocol: 'tars' } },
  });
  return `${NODE}@${app.getBindAdapter(NODE)?.getEndpoint().toString() ?? ''}`;
}

describe('the key node', () => {
  it('tells the agent version and adapters, the administration port too', async () => {
    const { call, all } = calls<string>(3);
    const node = await fakeNode(call);
    await startServer({}, {}, { node, local: 'tcp -h 127.0.0.1 -p 0 -t 3000' });
    expect((await all).toSorted()).toEqual([`T.S ${VERSION}`, 'T.S true AdminAdapter', 'T.S true ObjAdapter']);
  });

  it('gives signs of life every 10 s until the server ends', async () => {
    const { call, all } = calls<string>(3);
    const node = await fakeNode(call);
    const ticks: (() => void)[] = [];
    let isStopped = false;
    const time = {
      now: () => 0,
      every: (ms: number, run: () => void) => {
        expect(ms).toBe(10_000);
        ticks.push(run);
        return () => {
          isStopped = true;
        };
      },
    };
    const served = () => Promise.resolve([{ adapter: 'A', servant: 'T.S.Obj', endpoint: 'tcp -h h -p 1' }]);
    const settings = { node, application: 'T', serverName: 'S', hasAdmin: false, properties: {} };
    const agent = new NodeAgent(settings, served, time);
    agent.begin();
    agent.begin();
    ticks[0]?.();
    expect((await all).toSorted()).toEqual([`T.S ${VERSION}`, 'T.S true A', 'T.S true A']);
    await agent.end();
    expect([ticks.length, isStopped]).toEqual([1, true]);
  });

  it('warns once when the agent is away, and serves all the same', async () => {
    const node = await fakeNode(() => {});
    await Promise.all(Array.from(apps, (app) => app.terminate()));
    const warned = calls<string>(1);
    const lines: string[] = [];
    const keep = (text: string): void => {
      if (!text.startsWith('the node agent')) return;
      lines.push(text);
      warned.call(text);
    };
    setLogger({ debug: () => {}, info: () => {}, warn: keep, error: () => {} });
    await startServer({}, {}, { loglevel: 'WARN', node });
    await warned.all;
    expect(lines).toEqual(['the node agent could not be told that this server lives']);
  });
});

describe('ServerInfo', () => {
  it('goes through the codec and JSON', () => {
    for (const adapter of ['', 'A']) {
      const info = ServerInfo.create({ application: 'T', serverName: 'S', pid: 7, adapter });
      const os = new TarsOutputStream();
      ServerInfo.write(os, info);
      expect(ServerInfo.read(new TarsInputStream(new ByteVector(os.toBytes())))).toEqual(info);
      expect(ServerInfo.fromJson(ServerInfo.toJson(info))).toEqual(info);
    }
  });
});
