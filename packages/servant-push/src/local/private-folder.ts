import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { TarsException } from '@tarsier/framework';

const OTHERS_MAY_WRITE = 0o022;
const OTHERS = 0o077;
/** What is younger may be about to be used. */
const STALE_MS = 60_000;

/** Who this process is; undefined where there are no users, as on Windows. */
function ownUid(): number | undefined {
  return process.getuid?.();
}

/**
 * Makes a folder that only this user can enter, unless it is there.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for one that belongs to somebody else, or that others can enter.
 */
export function makePrivateFolder(path: string): void {
  make(path);
  const uid = ownUid();
  if (uid === undefined) return;
  const found = lstatSync(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & OTHERS) === 0) return;
  throw open(path, 'it must be a folder of this user with the mode 0700');
}

/**
 * Makes the folder of a socket, unless it is there, and looks whether others could put a socket of their own there.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` when they could.
 */
export function checkFolderOf(socket: string): void {
  const uid = ownUid();
  if (uid === undefined) return;
  const path = dirname(socket);
  make(path);
  const { uid: owner, mode } = lstatSync(path);
  if ((owner === uid || owner === 0) && (mode & OTHERS_MAY_WRITE) === 0) return;
  throw open(
    path,
    'whoever makes the socket first there has every push: take a folder that only this user may write to, or give all processes a secret (option secret)',
  );
}

function make(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new TarsException(`the folder ${path}, where the processes of a hub are to meet, cannot be made`, {
      code: 'TARSIER_INVALID_ARGUMENT',
      cause: error,
      where: { file: path },
    });
  }
}

function open(path: string, advice: string): TarsException {
  return new TarsException(`other users of the machine can get at the folder ${path}; ${advice}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
    where: { file: path },
  });
}

/** Removes what processes that were killed have left beside a folder like this one. It harms nobody who lives; whatever fails is left. */
export async function sweepFoldersLike(path: string): Promise<void> {
  const parent = dirname(path);
  const [prefix = ''] = basename(path).split('-');
  const uid = ownUid();
  if (uid === undefined) return;
  for (const name of readdirSync(parent)) {
    const other = join(parent, name);
    if (other === path || !name.startsWith(`${prefix}-`) || name.length !== basename(path).length) continue;
    try {
      const found = lstatSync(other);
      if (!found.isDirectory() || found.uid !== uid || (found.mode & OTHERS) !== 0) continue;
      if (Date.now() - found.mtimeMs < STALE_MS) continue;
      const files = readdirSync(other);
      const answers = await Promise.all(files.map((file) => isAnswered(join(other, file))));
      if (answers.every((isAlive) => !isAlive)) rmSync(other, { recursive: true, force: true });
    } catch {
      // Somebody else was faster.
    }
  }
}

/** Removes sockets that a killed process has not given their names yet. */
export function sweepSocketsLike(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (!/^\.\d+\.[0-9a-z]+$/.test(name.slice(basename(path).length)) || !name.startsWith(basename(path))) continue;
    const file = join(folder, name);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.isSocket() === true && Date.now() - found.mtimeMs >= STALE_MS) rmSync(file, { force: true });
  }
}

/** Whether somebody listens at a path. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
