import type { Reader, Writer } from 'protobufjs/minimal.js';

/** What the figure needs of the generated code. */
interface Message<T> {
  create(properties: T): T;
  encode(message: T): Writer;
  decode(reader: Reader | Uint8Array): T;
}

export interface ItemFields {
  readonly id: number;
  readonly name: string;
  readonly count: number;
  readonly price: number;
}

export interface OrderFields {
  readonly id: number;
  readonly createdMs: number;
  readonly customer: string;
  readonly note: string;
  readonly items: readonly ItemFields[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly total: number;
  readonly isPaid: boolean;
  readonly signature: Uint8Array;
  readonly status: number;
  readonly history: readonly number[];
}

export const Item: Message<ItemFields>;
export const Order: Message<OrderFields>;
