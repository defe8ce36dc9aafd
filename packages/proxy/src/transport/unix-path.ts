import type { Endpoint } from '@tarsier/protocol';
import { TransportError } from './transport-error.js';

/** Bytes that the path of a Unix socket may have: Linux has 108 with the zero at the end, macOS and the BSDs have 104. */
const MAX_PATH_BYTES = { linux: 107, others: 103 };

/** What is wrong with the path of a Unix socket: Node would cut one that is too long, and use another file than the one that is named. */
export function unixPathProblem(path: string): string | undefined {
  const bytes = Buffer.byteLength(path);
  const max = process.platform === 'linux' ? MAX_PATH_BYTES.linux : MAX_PATH_BYTES.others;
  // What Windows has in their place has no such limit.
  if (process.platform === 'win32' || bytes <= max) return undefined;
  return `the path of the Unix socket has ${bytes} bytes, and this system takes ${max}: use a shorter one`;
}

/** The path of the Unix socket of an endpoint. @throws TransportError when it is too long. */
export function unixPathOf({ host }: Endpoint): string {
  const problem = unixPathProblem(host);
  if (problem !== undefined) throw new TransportError(problem);
  return host;
}
