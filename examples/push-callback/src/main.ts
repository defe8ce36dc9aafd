/** A typed push over TARS: two clients register, and take ten pushes each: `npm run push-callback`. */
import { Communicator } from '@tarsier/proxy';
import { takePushes } from './push-client.js';
import { OBJECT, PushServer, pushConfig } from './push-server.js';

const PUSHES = 10;

const app = new PushServer(100);
await app.main(pushConfig(0));
const object = `${OBJECT}@${app.getBindAdapter(OBJECT)?.getEndpoint().toString() ?? ''}`;
const clients = ['ann', 'bob'].map((name) => ({ name, communicator: new Communicator() }));
const counts = await Promise.all(
  clients.map(({ name, communicator }) =>
    takePushes(communicator, object, PUSHES, (line) => console.log(`${name}: ${line}`)),
  ),
);
for (const { communicator } of clients) await communicator.terminate();
await app.terminate();
const isRight = counts.every((count) => count === PUSHES);
console.log(isRight ? 'all as expected' : `some pushes are missing: ${counts.join(', ')}`);
process.exitCode = isRight ? 0 : 1;
