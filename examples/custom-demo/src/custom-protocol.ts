import { type Framing, lengthField } from '@tarsier/framework';

/**
 * Both halves of the protocol: the server's parser and, as `customProtocol.proxyProtocol`, the client's.
 *
 * Layout: `| uint32 BE: length of the whole packet | uint32 BE: request id | body |`.
 */
export const customProtocol: Framing = lengthField({
  bytes: 4,
  includesHeader: true,
  max: 10_000_000,
  requestId: { offset: 4, bytes: 4 },
});
