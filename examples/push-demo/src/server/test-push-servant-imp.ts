import { type ByteVector, type Current, closeTypeName, LOG, Servant } from '@tarsier/framework';
import { PushUser } from './push-user.js';

/** Echoes every packet, and keeps the clients to push to. */
export class TestPushServantImp extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    // Keeps the client, so that it can be pushed to.
    if (PushUser.pushUser.add(current)) LOG.debug(`connect ip: ${current.getIp()}`, { uid: current.getUId() });
    // The answer is the packet itself.
    response.assign(current.getRequestVector());
    return 0;
  }

  /** The client has closed, or has sent nothing for 60 s, or the server ends. */
  override doClose(current: Current): number {
    if (PushUser.pushUser.remove(current)) {
      const why = closeTypeName(current.getCloseType());
      LOG.debug(`close ip: ${current.getIp()}`, { uid: current.getUId(), why });
    }
    return 0;
  }
}
