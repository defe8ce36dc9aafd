import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.js';

/** `npm run soak -- --seconds N`: a good client beside hostile connections of every transport. Ends with status 1 when it failed. */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const report = await runSoak(Number(values.seconds) * 1000);
console.log(`${report.hostile} hostile connections over tcp, ssl, ws, wss and Unix sockets, and hostile datagrams`);
console.log(`${report.calls} calls of the good client, ${report.failed} failed, p99 ${report.p99Ms.toFixed(1)} ms`);
console.log(
  `heap grown by ${(report.heapGrowth / 1024).toFixed(0)} KiB; descriptors ${report.descriptors.join(' before, ')} after`,
);
process.exitCode = report.failed > 0 || report.descriptors[1] > report.descriptors[0] ? 1 : 0;
