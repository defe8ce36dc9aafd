import { ByteVector } from '@tarsier/protocol';
import { Current } from '../current.js';
import { serverChannels, traceRequest } from '../observe/server-channels.js';
import type { Dispatcher } from './dispatcher.js';

/**
 * Of protocols that are the servant's own: a packet is what `doRequest` gets, and nothing is said that the servant does not say.
 *
 * Source: ServantHandle::handleNoTarsProtocol (TarsCpp).
 */
export const customDispatcher: Dispatcher = {
  answersByOrder: true,
  requestOf: (peer, packet, received) => new Current(peer, packet, received),
  currentOf: (peer, received) => new Current(peer, new ByteVector(), received),
  handle: (servant, current, response) => {
    if (serverChannels.request.start.hasSubscribers) {
      return traceRequest({ current, response }, () => servant.doRequest(current, response));
    }
    return servant.doRequest(current, response);
  },
  refuse: (servant, current) => {
    const response = new ByteVector();
    const result: unknown = servant.onOverload(current, response);
    if (response.length > 0) current.sendResponse(response);
    return result;
  },
  waitLimitMs: () => 0,
  tooLate: () => {},
};
