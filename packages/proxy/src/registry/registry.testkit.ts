import { encodeResult, type RequestPacket, type TarsFunction } from '@tarsier/protocol';
import { Communicator } from '../communicator.js';
import type { PropertyValue } from '../communicator-properties.js';
import { LineLogger } from '../memory-client.testkit.js';
import { TarsNetwork } from '../tars/tars-network.testkit.js';
import { ManualTime } from '../time/manual-time.testkit.js';
import { EndpointF } from './endpoint-f.js';
import { type FoundNodes, QueryF } from './query-f.js';

export const LOCATOR = 'tars.tarsregistry.QueryObj@tcp -h reg -p 17890';

/** A node as a registry tells of it, on tcp at port 1. */
export function node(host: string, init: Partial<EndpointF> = {}): EndpointF {
  return EndpointF.create({ host, port: 1, timeout: 3000, istcp: 1, ...init });
}

/** A registry in memory, and servers at the hosts `n1` to `n9` that answer each call with their name. */
export class RegistryLab {
  readonly network: TarsNetwork = new TarsNetwork();
  readonly time: ManualTime = new ManualTime();
  readonly logger: LineLogger = new LineLogger();
  /** What the registry was asked, oldest first. */
  readonly asked: RequestPacket[] = [];
  /** What the servers were asked. */
  readonly called: RequestPacket[] = [];
  active: EndpointF[] = [];
  inactive: EndpointF[] = [];
  /** The result of the functions of the registry, and the one of its answers. */
  result = 0;
  iRet = 0;
  isSilent = false;

  constructor(...hosts: string[]) {
    this.active = hosts.map((host) => node(host));
    this.start();
    for (let i = 1; i <= 9; i++) this.startNode(`n${i}`);
  }

  startNode(host: string): void {
    this.network.servers.set(host, (request, connection) => {
      this.called.push(request);
      if (request.sFuncName !== 'hold') connection.answer(request, { sBuffer: Buffer.from(host) });
    });
  }

  /** The registry runs. */
  start(): void {
    this.network.servers.set('reg', (request, connection) => {
      this.asked.push(request);
      if (this.isSilent) return;
      const found: FoundNodes = { _ret: this.result, activeEp: this.active, inactiveEp: this.inactive };
      const fn = QueryF.functions.get(request.sFuncName) as TarsFunction<never, FoundNodes>;
      connection.answer(request, { iRet: this.iRet, sBuffer: encodeResult(fn, found, request.iVersion) });
    });
  }

  /** The server of a host ends, and refuses connections. */
  stop(host = 'reg'): void {
    this.network.servers.delete(host);
    for (const connection of this.network.connections) if (connection.endpoint.host === host) connection.drop();
  }

  communicator(properties: Record<string, PropertyValue> = {}): Communicator {
    return new Communicator(
      { locator: LOCATOR, timeoutcheckinterval: 1, ...properties },
      { transports: [this.network], time: this.time, logger: this.logger },
    );
  }
}
