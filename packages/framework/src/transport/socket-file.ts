import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { codeOf } from '@tarsier/proxy/internal';
import { LOG } from '../log/log.js';

/** What stands at the path of a Unix socket. */
type Occupant = 'nothing' | 'listener' | 'stale' | 'other' | 'unknown';

async function occupantOf(path: string): Promise<Occupant> {
  const code = await probe(path);
  // EAGAIN: more wait there than are accepted.
  if (code === '' || code === 'EAGAIN') return 'listener';
  if (code === 'ENOENT') return 'nothing';
  // Files that are no sockets refuse too.
  if (code !== 'ECONNREFUSED' && code !== 'ENOTSOCK') return 'unknown';
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined) return 'nothing';
  return file.isSocket() ? 'stale' : 'other';
}

/** Connects; '' when somebody answers, else the code of the error. */
function probe(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve('');
    });
    socket.once('error', (error) => {
      resolve(codeOf(error));
    });
  });
}

const problems: Readonly<Record<Exclude<Occupant, 'nothing'>, string>> = {
  listener: 'another program listens on this path: stop it, or change -h',
  stale: 'a program that was killed has left this file, and nobody listens there: delete it',
  other: 'there is a file of this name that is no socket: delete it, or change -h',
  unknown:
    'the path is in use, and whether somebody listens there cannot be found out: look at its rights, or change -h',
};

/**
 * Deletes the file of a Unix socket that a program has left which was killed: nobody answers there.
 *
 * @returns why the path cannot be used now; undefined when it can.
 */
export async function freeSocketFile(path: string): Promise<string | undefined> {
  const occupant = await occupantOf(path);
  if (occupant === 'nothing') return undefined;
  if (occupant !== 'stale') return problems[occupant];
  const { default: cluster } = await import('node:cluster');
  // Workers start at the same time: one could delete what another has just made. Their supervisor does it before.
  if (cluster.isWorker) return problems[occupant];
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  LOG.warn('the file of a Unix socket on which nobody listened was deleted', { path });
  return undefined;
}
