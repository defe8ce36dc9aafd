import { type ByteVector, type Current, Servant } from '@tarsier/framework';
import { PushThread } from '@tarsier/servant-push';
import { framing } from './protocol.js';
import { MAX_RATE, type Subscribers } from './subscribers.js';

const HEADER_BYTES = 8;

/** Answers `rate N` by pushing N times a second from now on, and echoes everything else. */
export class TickerServant extends Servant {
  readonly #subscribers: Subscribers;

  constructor(subscribers: Subscribers) {
    super();
    this.#subscribers = subscribers;
  }

  override doRequest(current: Current, response: ByteVector): number {
    const packet = current.getRequestBuffer();
    const requestId = packet.readUInt32BE(4);
    const body = packet.toString('utf8', HEADER_BYTES);
    const [, wanted] = /^rate (\d{1,4})$/.exec(body) ?? [];
    if (wanted === undefined) {
      response.assign(packet);
      return 0;
    }
    const rate = Math.min(MAX_RATE, Number(wanted));
    this.#subscribers.set(current, rate);
    response.assign(framing.encode(`rate ${rate}`, requestId));
    return 0;
  }

  override doClose(current: Current): number {
    this.#subscribers.remove(current);
    return 0;
  }
}

const STEP_MS = 50;
/** After a pause of the process nobody is to get all that was missed at once. */
const MAX_STEP_MS = 1000;

/** Pushes `tick N` to all pages. */
export class TickerThread extends PushThread {
  readonly #subscribers: Subscribers;
  #count = 0;

  constructor(subscribers: Subscribers) {
    super();
    this.#subscribers = subscribers;
  }

  override async run(): Promise<void> {
    let lastMs = performance.now();
    while (!this.isTerminated) {
      await this.timedWait(STEP_MS);
      const nowMs = performance.now();
      this.#subscribers.push(Math.min(nowMs - lastMs, MAX_STEP_MS), () => framing.encode(`tick ${++this.#count}`, 0));
      lastMs = nowMs;
    }
  }
}
