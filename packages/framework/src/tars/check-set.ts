import { cutText, ResultCode, StatusKey } from '@tarsier/protocol';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import type { TarsCurrent } from './tars-current.js';
import { tarsDispatcher } from './tars-dispatcher.js';

/** Bit of `iMessageType`: the caller names its set. Source: TARSMESSAGETYPESETNAME (BaseF.tars). */
const MESSAGE_TYPE_SETNAME = 0x80;

/**
 * Whether a caller of a set may call a server of one: of another set, or of the same area.
 *
 * @param own as `app.sz.1`.
 * Source: ServantHandle::checkValidSetInvoke (servant/libservant/ServantHandle.cpp).
 */
export function isSetAllowed(own: string, caller: string): boolean {
  const [ownName, ownArea] = own.split('.');
  const [name, area] = caller.split('.');
  return caller !== '' && (name !== ownName || area === ownArea);
}

/** As `tarsDispatcher`, of a server with `checkset`: callers that name their set are answered -11 where theirs must not call this one. */
export function setCheckingDispatcher(own: string): Dispatcher {
  return {
    ...tarsDispatcher,
    handle(servant, current, response) {
      const request = current as TarsCurrent;
      const caller = request.getRequestStatus().get(StatusKey.SETNAME_VALUE) ?? '';
      if ((request.getMessageType() & MESSAGE_TYPE_SETNAME) === 0 || isSetAllowed(own, caller)) {
        return tarsDispatcher.handle(servant, current, response);
      }
      if (request.isOneWay) return;
      const description =
        caller === ''
          ? 'the caller does not say its set'
          : `a caller of the set ${cutText(caller, 100)} is not let in here`;
      response.assign(request.answer(ResultCode.TARSINVOKEBYINVALIDESET, response, { description }));
    },
  };
}
