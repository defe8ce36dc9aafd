/**
 * Why a connection ended, as `current.getCloseType()` tells in `doClose`.
 *
 * 0 to 2 are those of TARS; the others split what TARS lumps together (a protocol error is reported there as closed by the
 * client, a reset as closed by the server).
 *
 * Source: TC_EpollServer::EM_CLOSE_T (util/include/util/tc_epoll_server.h).
 */
export const CloseType = {
  /** The peer closed. */
  EM_CLIENT_CLOSE: 0,
  /** `current.close()`, a packet that the parser called the last one, or a fault of the server itself. */
  EM_SERVER_CLOSE: 1,
  /** The peer sent nothing for the idle time of the adapter, or no complete packet within `emptyconntimeout`. */
  EM_SERVER_TIMEOUT_CLOSE: 2,
  /** The peer reset the connection, or the network broke it. */
  EM_RESET_CLOSE: 3,
  /** The parser refused the bytes, or more was buffered than is allowed. */
  EM_PROTOCOL_ERROR_CLOSE: 4,
  /** The peer did not read what was sent to it. */
  EM_FLOW_CONTROL_CLOSE: 5,
  /** The application was terminated. */
  EM_SHUTDOWN_CLOSE: 6,
} as const;

/** One of the values of {@link CloseType}. */
export type CloseType = (typeof CloseType)[keyof typeof CloseType];

const names: Readonly<Record<CloseType, string>> = {
  0: 'peer closed',
  1: 'server closed',
  2: 'idle timeout',
  3: 'reset',
  4: 'protocol error',
  5: 'flow control',
  6: 'shutdown',
};

/** A close type in words, for log lines. */
export function closeTypeName(type: CloseType): string {
  return names[type];
}
