import type { Socket } from 'node:dgram';

/**
 * Bytes of datagrams that the kernel has not taken yet.
 *
 * @param unconfirmed bytes that were given to `send` and whose callback has not come, for platforms that tell nothing (Deno).
 */
export function sendQueueSize(socket: Partial<Pick<Socket, 'getSendQueueSize'>>, unconfirmed: number): number {
  return socket.getSendQueueSize?.() ?? unconfirmed;
}
