import { Application, type ByteVector, type Current } from '@tarsier/framework';
import { PushHub, type PushMember, PushServant, pushFrames, type SubscribeDecision } from '@tarsier/servant-push';
import { backplaneOf } from './backplane.js';

const frames = pushFrames();
export const OBJECT = 'Example.PushCluster.ChatObj';
const ROOM = 'room';

/** Whatever a client says is pushed to everybody in the room, on whichever server they are. */
class ChatServant extends PushServant {
  override maySubscribe(_member: PushMember, group: string): SubscribeDecision {
    return group === ROOM || `there is no room ${group}`;
  }

  override onRequest(current: Current, response: ByteVector, _member: PushMember | undefined): number {
    const { requestId, body } = frames.request(current);
    this.hub.group(ROOM).push(body);
    response.assign(frames.answer(requestId, 'said'));
    return 0;
  }
}

/** One of the servers. */
export class ChatServer extends Application {
  readonly #hub: PushHub;

  constructor(backplane: string) {
    super();
    this.#hub = new PushHub({ protocol: frames.hub, backplane: backplaneOf(backplane) });
  }

  override async initialize(): Promise<void> {
    this.addServant(ChatServant, OBJECT, this.#hub);
    this.addServantProtocol(OBJECT, frames.parser);
    await this.#hub.ready();
  }

  override destroyApp(): Promise<void> {
    return this.#hub.close();
  }
}
