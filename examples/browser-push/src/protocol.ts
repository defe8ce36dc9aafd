import { type Framing, lengthField } from '@tarsier/protocol';

/**
 * The protocol of PushDemo: `| uint32 BE: length of the whole packet | uint32 BE: request id | body |`, id 0 for a push.
 *
 * One value for the server (`addServantProtocol`) and for the page (`setProtocol(framing.proxyProtocol)`).
 */
export const framing: Framing = lengthField({
  bytes: 4,
  includesHeader: true,
  max: 100_000,
  requestId: { offset: 4, bytes: 4 },
});
