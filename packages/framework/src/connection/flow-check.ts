/** TARS looks at a full send queue each 5 s and closes after three looks without progress. */
const SAMPLE_MS = 5000;
const MAX_BAD_SAMPLES = 3;

/**
 * Watches a connection for which a limit was reached and that was not closed for it: a peer that hardly reads is.
 *
 * Source: TC_EpollServer::Connection::checkFlow (TarsCpp), with exact figures of what was sent.
 */
export class FlowCheck {
  /** When it is time for the next look. */
  dueMs: number;
  #sentBytes: number;
  #badSamples = 0;

  constructor(nowMs: number, sentBytes: number) {
    this.dueMs = nowMs + SAMPLE_MS;
    this.#sentBytes = sentBytes;
  }

  /**
   * Takes a look, if it is time.
   *
   * @param minBytes what has to leave between two looks.
   * @returns whether too little has left, three times in a row.
   */
  isStuck(nowMs: number, sentBytes: number, minBytes: number): boolean {
    if (nowMs < this.dueMs) return false;
    this.#badSamples = sentBytes - this.#sentBytes <= minBytes ? this.#badSamples + 1 : 0;
    this.#sentBytes = sentBytes;
    this.dueMs = nowMs + SAMPLE_MS;
    return this.#badSamples >= MAX_BAD_SAMPLES;
  }
}
