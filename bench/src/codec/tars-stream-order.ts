import { createRequire } from 'node:module';
import type { Order as Sample } from './order.js';

// In the form of the code that Tars.js generates. The package has types that TypeScript does not accept for it.

interface Out {
  writeInt32(tag: number, value: number): void;
  writeInt64(tag: number, value: number): void;
  writeString(tag: number, value: string): void;
  writeDouble(tag: number, value: number): void;
  writeBoolean(tag: number, value: boolean): void;
  writeBytes(tag: number, value: BinBuffer): void;
  writeList(tag: number, value: List): void;
  writeMap(tag: number, value: Dictionary): void;
  writeStruct(tag: number, value: unknown): void;
  getBinBuffer(): BinBuffer;
}

interface In {
  readInt32(tag: number, required: boolean): number;
  readInt64(tag: number, required: boolean): number;
  readString(tag: number, required: boolean): string;
  readDouble(tag: number, required: boolean): number;
  readBoolean(tag: number, required: boolean): boolean;
  readBytes(tag: number, required: boolean, type: unknown): BinBuffer;
  readList(tag: number, required: boolean, type: unknown): List;
  readMap(tag: number, required: boolean, type: unknown): Dictionary;
  readStruct(tag: number, required: boolean, type: unknown): unknown;
}

interface BinBuffer {
  toNodeBuffer(): Buffer;
}

interface List {
  push(value: unknown): void;
  value: unknown[];
}

interface Dictionary {
  insert(key: string, value: string): void;
}

interface TarsStream {
  readonly TarsOutputStream: new () => Out;
  readonly TarsInputStream: new (bytes: BinBuffer) => In;
  readonly BinBuffer: new (bytes?: Buffer) => BinBuffer;
  readonly List: new (type: unknown) => List;
  readonly Map: new (key: unknown, value: unknown) => Dictionary;
  readonly String: unknown;
  readonly Int32: unknown;
}

const Tars = createRequire(import.meta.url)('@tars/stream') as TarsStream;

class Item {
  id = 0;
  name = '';
  count = 0;
  price = 0;

  static _write(os: Out, tag: number, value: Item): void {
    os.writeStruct(tag, value);
  }

  static _read(is: In, tag: number): unknown {
    return is.readStruct(tag, true, Item);
  }

  static _readFrom(is: In): Item {
    const value = new Item();
    value.id = is.readInt32(0, true);
    value.name = is.readString(1, true);
    value.count = is.readInt32(2, true);
    value.price = is.readDouble(3, true);
    return value;
  }

  _writeTo(os: Out): void {
    os.writeInt32(0, this.id);
    os.writeString(1, this.name);
    os.writeInt32(2, this.count);
    os.writeDouble(3, this.price);
  }
}

export class TarsStreamOrder {
  id = 0;
  createdMs = 0;
  customer = '';
  note = '';
  items: List = new Tars.List(Item);
  attributes: Dictionary = new Tars.Map(Tars.String, Tars.String);
  total = 0;
  isPaid = false;
  signature: BinBuffer = new Tars.BinBuffer();
  status = 0;
  history: List = new Tars.List(Tars.Int32);

  static from(sample: Sample): TarsStreamOrder {
    const { id, createdMs, customer, note, total, isPaid, status } = sample;
    const order = Object.assign(new TarsStreamOrder(), { id, createdMs, customer, note, total, isPaid, status });
    for (const item of sample.items) order.items.push(Object.assign(new Item(), item));
    for (const [key, value] of sample.attributes) order.attributes.insert(key, value);
    order.signature = new Tars.BinBuffer(Buffer.from(sample.signature));
    for (const item of sample.history) order.history.push(item);
    return order;
  }

  static decode(bytes: Buffer): TarsStreamOrder {
    const is = new Tars.TarsInputStream(new Tars.BinBuffer(bytes));
    const value = new TarsStreamOrder();
    value.id = is.readInt32(0, true);
    value.createdMs = is.readInt64(1, true);
    value.customer = is.readString(2, true);
    value.note = is.readString(3, true);
    value.items = is.readList(4, true, new Tars.List(Item));
    value.attributes = is.readMap(5, true, new Tars.Map(Tars.String, Tars.String));
    value.total = is.readDouble(6, true);
    value.isPaid = is.readBoolean(7, true);
    value.signature = is.readBytes(8, true, Tars.BinBuffer);
    value.status = is.readInt32(9, true);
    value.history = is.readList(10, true, new Tars.List(Tars.Int32));
    return value;
  }

  encode(): Buffer {
    const os = new Tars.TarsOutputStream();
    os.writeInt32(0, this.id);
    os.writeInt64(1, this.createdMs);
    os.writeString(2, this.customer);
    os.writeString(3, this.note);
    os.writeList(4, this.items);
    os.writeMap(5, this.attributes);
    os.writeDouble(6, this.total);
    os.writeBoolean(7, this.isPaid);
    os.writeBytes(8, this.signature);
    os.writeInt32(9, this.status);
    os.writeList(10, this.history);
    return os.getBinBuffer().toNodeBuffer();
  }
}
