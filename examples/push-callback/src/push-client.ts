import type { Communicator } from '@tarsier/proxy';
import { HelloProxy, PushPrxCallback } from './generated/Push.js';

/** Calls back for each push, by its types. */
class PushCallback extends PushPrxCallback {
  readonly #onPush: (sRsp: string) => void;

  constructor(onPush: (sRsp: string) => void) {
    super();
    this.#onPush = onPush;
  }

  override callbackPushMsg(_ret: number, sRsp: string): void {
    this.#onPush(`${_ret}, ${sRsp}`);
  }
}

/** Registers, and resolves with the lines of so many pushes. */
export async function takePushes(
  communicator: Communicator,
  object: string,
  count: number,
  onLine: (line: string) => void,
): Promise<number> {
  const prx = communicator.stringToProxy(HelloProxy, object);
  let came = 0;
  const done = new Promise<void>((resolve) => {
    prx.setPushCallback(
      new PushCallback((line) => {
        onLine(line);
        if (++came === count) resolve();
      }),
    );
  });
  await prx.registerPush();
  await done;
  prx.setPushCallback(null);
  return came;
}
