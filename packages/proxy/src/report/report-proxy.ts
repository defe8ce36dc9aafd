import { silentLogger } from '../observe/silent-logger.js';
import type { ServantProxyInit } from '../servant-proxy.js';
import { TarsProxy } from '../tars/tars-proxy.js';

/** A proxy to who takes reports. Its log is silent: reports are many, and that they fail is told by who sends them, rarely. */
export class ReportProxy extends TarsProxy {
  constructor(init: ServantProxyInit) {
    super({ ...init, logger: silentLogger });
  }
}
