import { expect, it, vi } from 'vitest';
import { Communicator } from '../communicator.js';
import { settled } from '../memory-client.testkit.js';
import { TarsNetwork } from '../tars/tars-network.testkit.js';

const loads = vi.hoisted(() => ({ count: 0 }));
vi.mock('./reporter.js', async (importOriginal) => {
  loads.count++;
  return importOriginal();
});

const ECHO = 'Test.Echo.EchoObj@tcp -h a -p 1';

it('loads the code that counts only for a communicator that reports', async () => {
  const options = { transports: [new TarsNetwork()] };
  const silent = new Communicator({ 'report-interval': 10_000, modulename: 'A.B' }, options);
  silent.stringToProxy(ECHO);
  expect(silent.getStatReport()).toBeUndefined();
  await settled();
  await silent.terminate();
  expect(loads.count).toBe(0);
  const reporting = new Communicator({ property: 'A.B.PropertyObj@tcp -h p -p 1' }, options);
  reporting.stringToProxy(ECHO);
  await reporting.terminate();
  expect(loads.count).toBe(1);
});
