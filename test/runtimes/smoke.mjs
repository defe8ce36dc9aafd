// A server and a client over each transport, in one process: a call, a push, the end. What other runtimes than Node.js are tried with.
// usage: node smoke.mjs CERT KEY CA FOLDER [TRANSPORT...]
// Prints a line for each transport, `ok` or `FAULT`; ends with status 1 at a fault.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Communicator, lengthField, Servant } from '@tarsier/framework';

const [cert, key, ca, folder, ...chosen] = process.argv.slice(2);
const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });
const TIME_MS = 10_000;

class Smoke extends Servant {
  doRequest(current, response) {
    const packet = current.getRequestBuffer();
    response.assign(packet);
    current.sendResponse(framing.encode('a push', 0));
    if (packet.toString('utf8', 8) === 'leave') setTimeout(() => current.close(), 100);
    return 0;
  }
}

const unix = join(folder, `${process.pid}.sock`);
const transports = {
  tcp: 'tcp -h 127.0.0.1 -p 0',
  ssl: 'ssl -h 127.0.0.1 -p 0',
  ws: 'ws -h 127.0.0.1 -p 0',
  wss: 'wss -h 127.0.0.1 -p 0',
  udp: 'udp -h 127.0.0.1 -p 0',
  unix: `tcp -h ${unix} -p 0`,
};

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${TIME_MS} ms`)), TIME_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function smoke(name, endpoint) {
  const app = new Application();
  app.addServant(Smoke, 'T.S.SmokeObj');
  app.addServantProtocol('T.S.SmokeObj', framing);
  const secure = /^(ssl|wss) /.test(endpoint) ? { cert, key } : {};
  const adapter = { servant: 'T.S.SmokeObj', endpoint: `${endpoint} -t 60000`, protocol: 'not_tars', ...secure };
  await app.main({ app: 'T', server: 'S', loglevel: 'NONE', adapters: { A: adapter } });
  const { port } = app.getBindAdapter('SmokeObj').getEndpoint();
  const communicator = new Communicator(secure.cert === undefined ? {} : { ca: readFileSync(ca, 'utf8') });
  try {
    const prx = communicator.stringToProxy(`T.S.SmokeObj@${endpoint.replace('-p 0', `-p ${port}`)} -t 60000`);
    prx.setProtocol(framing.proxyProtocol);
    const pushed = new Promise((resolve) => {
      prx.setPushCallback({ onDispatch: (msg) => resolve(msg.response.sBuffer.toString()) });
    });
    const call = (body) => prx.rpcCall(prx.genRequestId(), 'f', body);
    const large = 'x'.repeat(name === 'udp' ? 1000 : 500_000);
    for (const body of ['hello', large]) {
      const answer = await within(call(body), 'a call');
      if (answer.sBuffer.toString() !== body) throw new Error('the answer is another one');
    }
    if ((await within(pushed, 'a push')) !== 'a push') throw new Error('the push is another one');
    if (name !== 'udp') {
      const closed = new Promise((resolve) => prx.once('close', resolve));
      await within(call('leave'), 'the last call');
      await within(closed, 'the end of the connection');
    }
  } finally {
    await communicator.terminate();
    await within(app.terminate(), 'the end of the server');
  }
}

for (const [name, endpoint] of Object.entries(transports)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  try {
    await smoke(name, endpoint);
    console.log(`ok ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAULT ${name}: ${error?.stack ?? error}`);
  }
}
