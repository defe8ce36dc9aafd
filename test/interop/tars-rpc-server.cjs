// A TARS server on @tars/rpc, with the code that tars2node has made for the example that comes with the package:
// `tars-rpc-server.cjs PORT`. Sends 'ready' to its parent.
const { connect } = require('node:net');
const { server: Server } = require('@tars/rpc');
const { tars } = require('@tars/rpc/examples/rpc-tars/demo.1/server.node.1/NodeTars.js');

const port = Number(process.argv[2]);
const { NodeTarsImp, Result_t } = tars;

NodeTarsImp.prototype.initialize = () => {};

NodeTarsImp.prototype.test = (current) => {
  current.sendResponse(7);
};

/** The level is the score, negated; the context of the request comes back, with one entry more. */
NodeTarsImp.prototype.getall = (current, stUser) => {
  const result = new Result_t();
  result.id = stUser.id;
  result.iLevel = -stUser.score;
  const context = {};
  current.getContext().forEach((key, value) => {
    context[key] = value;
  });
  current.setResponseContext({ ...context, name: stUser.name });
  current.sendResponse(0, result);
};

NodeTarsImp.prototype.getUsrName = (current, sUsrName) => {
  if (sUsrName === 'never answered') return;
  if (sUsrName === 'refused') current.sendErrorResponse(-99, 'refused on purpose');
  else current.sendResponse(sUsrName.length, `OUT_${sUsrName}_1`, 'x'.repeat(300));
};

const main = Server.createServer(NodeTarsImp);
void main.start({
  name: 'Interop.NodeServer.NodeObjAdapter',
  servant: 'Interop.NodeServer.NodeObj',
  endpoint: `tcp -h 127.0.0.1 -p ${port} -t 60000`,
  protocol: 'tars',
  maxconns: 1000,
});
/** @tars/rpc does not say when it listens. */
function sayWhenReady() {
  const probe = connect(port, '127.0.0.1');
  probe.on('connect', () => {
    probe.destroy();
    process.send('ready');
  });
  probe.on('error', () => setTimeout(sayWhenReady, 10));
}

sayWhenReady();
process.on('disconnect', () => process.exit(0));
