import { type ReqMessage, type ResponsePacket, TarsException } from '@tarsier/protocol';
import type { KeyedProxy, ServantProxy } from '@tarsier/proxy';
import type { SessionCall, SessionNews, SessionProtocol } from './session-protocol.js';

/** Makes the calls of a session, all to the node that has it, as long as that is usable. */
export class SessionCaller {
  readonly #prx: ServantProxy;
  readonly #node: KeyedProxy;
  readonly #protocol: SessionProtocol;
  readonly #failed: (error: unknown) => void;

  /** @param failed is told of packets that cannot be read. */
  constructor(prx: ServantProxy, protocol: SessionProtocol, failed: (error: unknown) => void) {
    this.#prx = prx;
    this.#node = prx.hash(Math.floor(Math.random() * 0xffff_ffff));
    this.#protocol = protocol;
    this.#failed = failed;
  }

  /** Sends what gets no answer. */
  send({ func, body }: SessionCall): void {
    this.#node.rpcCallAsync(0, func, body, null);
  }

  /** Calls and hands the answer on within the order of what comes: a promise would let pushes overtake it. */
  call({ func, body }: SessionCall, settle: (news: SessionNews | undefined, error: Error | undefined) => void): void {
    const onDispatch = ({ response, error }: ReqMessage): void => {
      if (error !== undefined) settle(undefined, error);
      else {
        const news = this.read(response);
        settle(news, news === undefined ? new Error('the answer is none of the session') : undefined);
      }
    };
    try {
      this.#node.rpcCallAsync(this.#prx.genRequestId(), func, body, { onDispatch });
    } catch (error) {
      settle(undefined, TarsException.from(error));
    }
  }

  /** What a packet means for the session; undefined for what means nothing. */
  read(response: ResponsePacket): SessionNews | undefined {
    try {
      return this.#protocol.read(response);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }
}
