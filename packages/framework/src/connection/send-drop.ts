/** The configuration key of a limit on what waits to be sent. */
export type SendLimit = 'backpacketlimit' | 'backpacketcount' | 'backpacketage' | 'backpacketmin' | 'sendbufferlimit';

/** Packets that did not go to a peer because it is behind. */
export interface SendDrop {
  /** Which limit was reached. */
  readonly limit: SendLimit;
  /**
   * `refused`: the newest was not taken. `dropped`: the oldest were given up for a newer one, or for their age. `closed`: the connection
   * was closed, and everything that waited is lost.
   */
  readonly action: 'refused' | 'dropped' | 'closed';
  /** How many; 0 when the connection was closed, which does not count them. */
  readonly packets: number;
  /** How many bytes they were. */
  readonly bytes: number;
}
