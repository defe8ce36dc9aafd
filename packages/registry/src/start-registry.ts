import { Application, getLogLevel, LogLevel } from '@tarsier/framework';
import { TarsConfig, type TimeSource } from '@tarsier/protocol';
import { NodeTable } from './node-table.js';
import { readObjects, readObjectsFile } from './read-objects.js';
import { RegistryServant } from './registry-servant.js';

const OBJECT = 'tars.tarsregistry.QueryObj';

/** How {@link startRegistry} starts it. */
export interface RegistryOptions {
  /** Where it listens: `127.0.0.1` unless told, because it asks nobody who he is. `0.0.0.0`: on every address. */
  readonly host?: string;
  /** 0, the default: one that is free. */
  readonly port?: number;
  /** File with nodes that do not register themselves. */
  readonly file?: string;
  /** The same as an object: endpoints by object name, as `{ 'App.Server.Obj': 'tcp -h 10.0.0.1 -p 10099' }`. */
  readonly objects?: Readonly<Record<string, string>>;
  /** How long a node is told as inactive whose lease is over, in ms; then it is forgotten. Default ten minutes. */
  readonly removeAfterMs?: number;
  /** The clock of leases, for tests. */
  readonly time?: Pick<TimeSource, 'now'>;
}

/** A registry that runs in this process. */
export interface RunningRegistry {
  /** What clients, and servers with `register = y`, write into their configuration. */
  readonly locator: string;
  /** What it knows. */
  readonly table: NodeTable;
  /** Resolves when it has ended, by `stop` or a signal. */
  readonly ended: Promise<void>;
  /** Ends it; may be called often. */
  stop(): Promise<void>;
}

/**
 * Starts a registry in this process. Resolves when it listens.
 *
 * @throws TarsException for a file that cannot be used, or a port that is in use.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const { host = '127.0.0.1', port = 0, file, objects, ...tableOptions } = options;
  const table = new NodeTable(tableOptions);
  const nodes = [
    ...(file === undefined ? [] : await readObjectsFile(file)),
    ...(objects === undefined ? [] : readObjects(TarsConfig.fromObject({ objects }), '')),
  ];
  for (const { obj, ...node } of nodes) table.add(obj, node);
  const app = new Application();
  app.addServant(RegistryServant, OBJECT, table);
  await app.main({
    app: 'tars',
    server: 'tarsregistry',
    // What others in this process have set.
    loglevel: levelName(),
    'deactivating-timeout': 1000,
    adapters: {
      QueryObjAdapter: {
        servant: OBJECT,
        endpoint: `tcp -h ${host} -p ${port} -t 60000`,
        protocol: 'tars',
        maxconns: 10_000,
      },
    },
  });
  const bound = app.getBindAdapter(OBJECT)?.getEndpoint();
  const seen =
    bound === undefined || ['0.0.0.0', '::'].includes(bound.host) ? app.getServerBaseInfo().LocalIp : bound.host;
  return {
    locator: `${OBJECT}@tcp -h ${seen} -p ${bound?.port ?? port}`,
    table,
    ended: app.waitForShutdown(),
    stop: () => app.terminate(),
  };
}

function levelName(): keyof typeof LogLevel {
  const names = Object.keys(LogLevel) as (keyof typeof LogLevel)[];
  return names.find((name) => LogLevel[name] === getLogLevel()) ?? 'INFO';
}
