import { type ByteVector, type Current, Servant, servant } from '@tarsier/framework';
import { customProtocol } from './custom-protocol.js';

/** Echoes. Name and parser are declared here, so that the application only has to add the class. */
@servant({ name: 'CustomServantObj', protocol: customProtocol })
export class CustomServantImp extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    // The answer has the id of the request, so the packet itself is the answer. No byte is copied.
    response.assign(current.getRequestVector());
    return 0;
  }
}
