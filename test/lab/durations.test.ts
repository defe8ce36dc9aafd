import { Communicator, type TarsException } from '@tarsier/framework';
import { DnsResolver } from '@tarsier/proxy';
import { NodeTable } from '@tarsier/registry';
import { PushHub, PushThread } from '@tarsier/servant-push';
import { afterEach, describe, expect, it } from 'vitest';

class Idle extends PushThread {
  override async run(): Promise<void> {
    await this.timedWait(0);
  }
}

const communicators: Communicator[] = [];

afterEach(async () => {
  await Promise.all(communicators.splice(0).map((communicator) => communicator.terminate()));
});

function communicator(): Communicator {
  const made = new Communicator();
  communicators.push(made);
  return made;
}

const proxy = () => communicator().stringToProxy('T.S.Obj@tcp -h 127.0.0.1 -p 9');
const property = (name: string) => (value: unknown) => {
  communicator().setProperty(name, value as number);
};
const lookup = { lookup: () => Promise.reject(new Error('nobody asks')) } as never;

/** Everything that a program gives a time, besides the keys of servers, which config-keys.test.ts goes through. */
const takers: Readonly<Record<string, (ms: unknown) => unknown>> = {
  ...Object.fromEntries(
    [
      'sync-invoke-timeout',
      'async-invoke-timeout',
      'connect-timeout',
      'min-timeout',
      'timeoutcheckinterval',
      'reconnect-min-interval',
      'reconnect-max-interval',
      'keep-alive-interval',
      'silence-timeout',
      'write-stall-timeout',
      'dns-refresh-interval',
      'refresh-endpoint-interval',
      'report-interval',
      'report-timeout',
    ].map((name) => [name, property(name)]),
  ),
  'timeout()': (ms) => proxy().timeout(ms as number),
  'asyncTimeout()': (ms) => proxy().asyncTimeout(ms as number),
  'connectTimeout()': (ms) => proxy().connectTimeout(ms as number),
  'timeoutMs of a call': (ms) => proxy().rpcCall(1, 'f', '', { timeoutMs: ms as number }),
  'timeout of a call': (ms) => proxy().rpcCall(1, 'f', '', { timeout: ms as number }),
  'refreshMs of a DnsResolver': (ms) => new DnsResolver({ lookup, refreshMs: ms as number }),
  'removeAfterMs of a registry': (ms) => new NodeTable({ removeAfterMs: ms as number }),
  'sessions.windowMs of a hub': (ms) => new PushHub({ sessions: { windowMs: ms as number } }),
  'sliceMs of a hub': (ms) => new PushHub({ sliceMs: ms as number }),
  'limits.reliable.ageMs of a hub': (ms) => new PushHub({ limits: { reliable: { ageMs: ms as number } } }),
  'timedWait()': (ms) => new Idle().timedWait(ms as number),
};

describe.each(Object.entries(takers))('%s', (_what, take) => {
  it.each([4_294_967_295, 2_147_483_648, Number.NaN, Infinity, -1, '3s', {}])('refuses %o', async (ms) => {
    const attempt = async (): Promise<unknown> => await take(ms);
    const error = await attempt().then(
      () => undefined,
      (caught: unknown) => caught as TarsException,
    );
    expect(error?.code).toMatch(/^TARSIER_(INVALID_ARGUMENT|CONFIG_INVALID)$/);
  });
});
