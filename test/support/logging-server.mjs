// Logs ten lines when it is told, says how many were lost, and ends in order.
// usage: node logging-server.mjs with|without     (pino)
import { createRequire, Module } from 'node:module';

if (process.argv[2] === 'without') {
  const load = Module._resolveFilename;
  Module._resolveFilename = function (id, ...rest) {
    if (id.startsWith('pino'))
      throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
    return load.call(this, id, ...rest);
  };
}
const { Application, LOG } = createRequire(import.meta.url)('@tarsier/framework');

const app = new Application();
await app.main({ app: 'T', server: 'S', adapters: {} });
LOG.info('it runs');
process.on('message', (order) => {
  if (order === 'end') {
    process.disconnect();
    void app.terminate();
    return;
  }
  for (let n = 0; n < 10; n++) LOG.info('a line', { n });
  setTimeout(() => process.send({ lost: app.stats().lostLogLines }), 200);
});
