import { LOG } from '@tarsier/framework';
import { PushThread } from '@tarsier/servant-push';
import { PushUser } from './push-user.js';

/** A push has no request: its id is 0. */
const PUSH_ID = 0;

/** Pushes a message to all users, again and again. */
export class PushInfoThread extends PushThread {
  readonly #intervalMs: number;
  #pushInfo: Uint8Array = new Uint8Array(0);

  /** @param intervalMs time between two pushes. */
  constructor(intervalMs: number = 10_000) {
    super();
    this.#intervalMs = intervalMs;
  }

  /** Makes the packet that is pushed: length of the whole packet, id 0, message. */
  setPushInfo(info: string): void {
    const body = Buffer.from(info);
    const packet = Buffer.alloc(8 + body.length);
    packet.writeUInt32BE(packet.length, 0);
    packet.writeUInt32BE(PUSH_ID, 4);
    body.copy(packet, 8);
    this.#pushInfo = packet;
  }

  override async run(): Promise<void> {
    this.setPushInfo('hello world');
    while (!this.isTerminated) {
      if (PushUser.pushUser.size > 0) {
        const report = PushUser.pushUser.pushAll(this.#pushInfo);
        LOG.debug(`sendResponse: ${this.#pushInfo.length}`, { ...report });
      }
      // The document looks each second whether 10 s have passed; terminate() ends this wait at once.
      await this.timedWait(this.#intervalMs);
    }
  }
}
