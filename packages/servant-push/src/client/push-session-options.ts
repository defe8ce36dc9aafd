import type { TimeSource } from '@tarsier/protocol';
import type { Credentials } from './credentials.js';
import type { SessionProtocol } from './session-protocol.js';

/** What a session may be told. */
export interface PushSessionOptions {
  /** As `pushFrames().session`. */
  readonly protocol: SessionProtocol;
  /** Groups to subscribe to from the begin on. */
  readonly groups?: Iterable<string>;
  /**
   * What proves who the client is, for `PushServant.identify`: asked each time that the session opens or goes on, so that it may be fresh. A text
   * stands for its UTF-8; up to 65535 bytes, and what the server allows (8192 unless told).
   */
  readonly credentials?: () => Credentials | Promise<Credentials>;
  /** How long `credentials` may take, in ms; 10000 unless told. */
  readonly credentialsMs?: number;
  /** An acknowledgement is sent after so many pushes; 64 unless told … */
  readonly ackEvery?: number;
  /** … and after this time at the latest, in ms; 1000 unless told. */
  readonly ackMs?: number;
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
}
