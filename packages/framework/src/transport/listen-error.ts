import { type Endpoint, TarsException } from '@tarsier/protocol';

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use: stop the program that has it, or change -p',
  EACCES: 'not permitted: ports below 1024 and foreign paths need rights',
  EADDRNOTAVAIL: 'this machine has no such address: change -h',
};

/** What it means when an adapter could not open its port. */
export function listenError(adapter: string, endpoint: Endpoint, cause: unknown): TarsException {
  if (TarsException.is(cause)) return cause;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  const why = advice[String(code)] ?? (cause instanceof Error ? cause.message : String(cause));
  return new TarsException(`adapter ${adapter} cannot listen on ${endpoint.toString()}: ${why}`, {
    code: 'TARSIER_LISTEN_FAILED',
    cause,
    where: { endpoint: endpoint.toString(), key: 'endpoint' },
  });
}
