/** Calls the server and measures it: `npm run custom-client -- --call async --count 100000`. */
import { Communicator, ServantProxy } from '@tarsier/framework';
import { Command, Option } from 'commander';
import { callAsync, callSync } from './call-load.js';
import { CallReport } from './call-report.js';
import { customProtocol } from './custom-protocol.js';
import { Progress } from './progress.js';
import { wholeNumber } from './whole-number.js';

interface Options {
  readonly call?: 'sync' | 'async';
  readonly count: number;
  readonly concurrency: number;
  readonly buffersize: number;
  readonly connect: string;
  readonly object: string;
}

const options = new Command('custom-client')
  .description('Calls over a custom protocol, and measures.')
  .addOption(new Option('--call <style>', 'rpcCall or rpcCallAsync; both when left out').choices(['sync', 'async']))
  .option('--count <n>', 'calls of each style', wholeNumber, 100_000)
  .option('--concurrency <n>', 'calls in flight', wholeNumber, 100)
  .option('--buffersize <bytes>', 'size of the body', wholeNumber, 100)
  .option('--connect <endpoint>', 'where the server is', 'tcp -h 127.0.0.1 -p 9400 -t 60000')
  .option('--object <name>', 'name of the object', 'TestApp.CustomServer.CustomServantObj')
  .parse()
  .opts<Options>();

const early = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => early.abort());

const comm = new Communicator({ sendqueuelimit: 1_000_000, 'connect-timeout': 5000, 'async-invoke-timeout': 60_000 });
try {
  const prx = comm.stringToProxy(ServantProxy, `${options.object}@${options.connect}`);
  prx.setProtocol(customProtocol.proxyProtocol);
  await prx.connect();
  const { count, concurrency, buffersize } = options;
  const body = new Uint8Array(buffersize).fill(0x61);
  for (const style of options.call === undefined ? (['sync', 'async'] as const) : [options.call]) {
    if (early.signal.aborted) break;
    console.log(`${style}: ${count} calls of ${buffersize} bytes, ${concurrency} at a time`);
    const report = new CallReport(count);
    const progress = new Progress(() => report.progress());
    const load = { prx, count, concurrency, body, report, signal: early.signal };
    await (style === 'sync' ? callSync(load) : callAsync(load));
    progress.stop();
    for (const line of report.summary()) console.log(`${style}: ${line}`);
    if (report.errors > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error('the custom client failed:', error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await comm.terminate();
}
