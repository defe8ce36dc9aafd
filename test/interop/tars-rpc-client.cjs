// Calls a TARS server with @tars/rpc, and the proxy that tars2node has made for the example that comes with the package:
// `tars-rpc-client.cjs OBJECT`. Its parent sends { id, func, args, options, timeoutMs } and gets { id, result } or { id, error }.
const { client } = require('@tars/rpc');
const { tars } = require('@tars/rpc/examples/rpc-tars/demo.1/client.node.proxy/NodeTarsProxy.js');

const prx = client.stringToProxy(tars.NodeTarsProxy, process.argv[2]);

function argumentOf(value) {
  if (typeof value !== 'object') return value;
  const user = new tars.User_t();
  user.readFromObject(value);
  return user;
}

function plain(value) {
  return value !== null && typeof value === 'object' && 'toObject' in value ? value.toObject() : value;
}

process.on('message', ({ id, func, args, options, timeoutMs }) => {
  prx.setTimeout(timeoutMs ?? 3000);
  prx[func](...args.map(argumentOf), ...(options === undefined ? [] : [options])).then(
    ({ response }) => {
      const outs = {};
      for (const [name, value] of Object.entries(response.arguments ?? {})) outs[name] = plain(value);
      process.send({ id, result: { return: response.return, outs } });
    },
    ({ response }) => {
      process.send({ id, error: { code: response.error.code, message: response.error.message } });
    },
  );
});

process.on('disconnect', () => process.exit(0));
process.send('ready');
