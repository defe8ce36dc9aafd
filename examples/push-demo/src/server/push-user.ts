import { PushRegister } from '@tarsier/servant-push';

/**
 * Who is pushed to: filled by `doRequest`, emptied by `doClose`, used by the push thread.
 *
 * A map by address in the document, so that a second client behind one address was never pushed to; by connection here.
 */
export class PushUser extends PushRegister {
  static readonly pushUser: PushUser = new PushUser();
}
