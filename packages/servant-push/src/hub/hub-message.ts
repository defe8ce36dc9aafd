import { type Bytes, encodeUtf8 } from '@tarsier/framework';
import type { Delivery } from './delivery.js';
import type { LabelMatch } from './labels.js';
import type { PushState } from './push.js';
import type { PushOptions } from './push-options.js';

/** One push on its way: from the hub to the backplane, which numbers it, and from there to the members of its address. */
export interface HubMessage {
  /** Whom it is for; a letter for the kind, and a name, as `g:room:7`. */
  readonly address: string;
  readonly topic: string;
  readonly delivery: Delivery;
  /** Of `latest`: what it is the newest value of. */
  readonly key: string;
  /** Only for members with these labels. */
  readonly where: LabelMatch | undefined;
  readonly payload: Bytes;
  /** Given by the backplane to reliable pushes; 0 for the others. */
  sequence: number;
  /** The packet of the protocol, once it was encoded. */
  bytes: Bytes | undefined;
  /** The packet with the name as its id, once somebody needed that. */
  namedBytes: Bytes | undefined;
  /** Who made it, if that was here. */
  readonly push: PushState | undefined;
  /** Its name among all nodes, whatever its number; '' where there is one node, and for what is not reliable. */
  readonly name: string;
  /** The name, where its packet tells it to everybody: it is handed out before it has a number, in an outage of the engine, and again with one. */
  readonly id: string;
  /** Members here without a session have got it already, under its id. */
  readonly isRepeated: boolean;
}

/** The kinds of addresses, by the letter that their text begins with. */
export const AddressKind = { ALL: 'a', GROUP: 'g', USER: 'u', SESSION: 's' } as const;

/** Text of an address, as `g:room:7`, `u:ann`, `s:…`, `a:`. */
export function addressOf(kind: (typeof AddressKind)[keyof typeof AddressKind], name: string): string {
  return `${kind}:${name}`;
}

/** A push that has not been numbered. @param name what it is about, unless its options say otherwise. */
export function newMessage(
  address: string,
  name: string,
  payload: Bytes | string,
  options: PushOptions | undefined,
  where: LabelMatch | undefined,
  push: PushState,
): HubMessage {
  return {
    address,
    topic: options?.topic ?? name,
    delivery: options?.delivery ?? 'reliable',
    key: options?.key ?? '',
    where,
    payload: typeof payload === 'string' ? encodeUtf8(payload) : payload,
    sequence: 0,
    bytes: undefined,
    namedBytes: undefined,
    push,
    name: '',
    id: '',
    isRepeated: false,
  };
}
