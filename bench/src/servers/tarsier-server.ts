import { Application, type ByteVector, type Current, Servant } from '@tarsier/framework';
import { serveParent } from '../child.js';
import { parse } from '../protocol.js';
import { memory } from './memory.js';

/** An echo server on Tarsier, as `tarsier-server.js pass` or `tarsier-server.js document`. */

/** Passes the bytes through; no view of them is made. */
class PassServant extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    response.assign(current.getRequestVector());
    return 0;
  }
}

/** As the documents of TARS write it: `response = current->getRequestBuffer()`. */
class DocumentServant extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    response.assign(current.getRequestBuffer());
    return 0;
  }
}

const OBJECT = 'Bench.EchoServer.EchoObj';

class EchoServer extends Application {
  override initialize(): void {
    this.addServant(process.argv[2] === 'pass' ? PassServant : DocumentServant, OBJECT);
    this.addServantProtocol(OBJECT, parse);
  }
}

const app = new EchoServer();
await app.main({
  app: 'Bench',
  server: 'EchoServer',
  loglevel: 'ERROR',
  adapters: {
    EchoAdapter: {
      servant: OBJECT,
      endpoint: 'tcp -h 127.0.0.1 -p 0 -t 600000',
      protocol: 'not_tars',
      maxconns: 20_000,
    },
  },
});

serveParent({
  port: () => app.getBindAdapter(OBJECT)?.getEndpoint().port,
  connections: () => app.getBindAdapter(OBJECT)?.getNowConnection(),
  memory,
});
