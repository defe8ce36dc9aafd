/** Keys of TARS that have no effect here, with the reason. */
export type KeysWithoutEffect = Readonly<Record<string, string>>;

const oneLoop = 'one event loop serves everything; no threads are needed';
const notYet = 'not supported by this version';
const stdoutLog = 'log lines go to standard output; replace the logger with setLogger()';

/** Of the server section. A node agent writes them for every server, so a line at DEBUG names them. */
export const serverKeysWithoutEffect: KeysWithoutEffect = {
  closecout: 'standard output is never closed',
  netthread: oneLoop,
  opencoroutine: 'handlers may be async',
  coroutinememsize: 'handlers may be async',
  coroutinestack: 'handlers may be async',
  mergenetimp: oneLoop,
  log: stdoutLog,
  lognum: stdoutLog,
  logsize: stdoutLog,
  start_output: stdoutLog,
  logstatreport: stdoutLog,
  config: `the configuration service is ${notYet}`,
  notify: `the notification service is ${notYet}`,
  reportflow: 'it has no effect in TarsCpp either',
  bakflag: `master and slave are ${notYet}`,
  baktype: `master and slave are ${notYet}`,
  'ms-check-timeout': `master and slave are ${notYet}`,
  'activating-timeout': 'TarsCpp does not read it either',
  'sample-rate': 'TarsCpp does not read it either',
  'max-sample-count': 'TarsCpp does not read it either',
};

/** Of adapter sections. */
export const adapterKeysWithoutEffect: KeysWithoutEffect = {
  threads: oneLoop,
  handlegroup: oneLoop,
};

/** Keys of adapter sections that demand what is not there: with a value they stop the start. */
export const adapterKeysRefused: KeysWithoutEffect = {
  accesskey: `authentication is ${notYet}, and a server that demands it must not serve everybody`,
  secretkey: `authentication is ${notYet}, and a server that demands it must not serve everybody`,
};
