import { sortedEntries, type TarsInputStream, type TarsOutputStream } from '@tarsier/framework';

// In the form of generated code. The same message for protobufjs is generated/order.proto.

export class Item {
  static readonly typeName = 'bench.Item';
  static readonly fieldNames = { 0: 'id', 1: 'name', 2: 'count', 3: 'price' };
  id = 0;
  name = '';
  count = 0;
  price = 0;

  static create(init: Partial<Item> = {}): Item {
    return Object.assign(new Item(), init);
  }

  static write(os: TarsOutputStream, value: Item): void {
    os.writeInt32(0, value.id);
    os.writeString(1, value.name);
    os.writeInt32(2, value.count);
    os.writeDouble(3, value.price);
  }

  static read(is: TarsInputStream): Item {
    const value = new Item();
    value.id = is.readInt32(0);
    value.name = is.readString(1);
    value.count = is.readInt32(2);
    value.price = is.readDouble(3);
    return value;
  }
}

export class Order {
  static readonly typeName = 'bench.Order';
  static readonly fieldNames = {
    0: 'id',
    1: 'createdMs',
    2: 'customer',
    3: 'note',
    4: 'items',
    5: 'attributes',
    6: 'total',
    7: 'isPaid',
    8: 'signature',
    9: 'status',
    10: 'history',
  };
  id = 0;
  createdMs = 0;
  customer = '';
  note = '';
  items: Item[] = [];
  attributes: Map<string, string> = new Map();
  total = 0;
  isPaid = false;
  signature: Uint8Array = new Uint8Array([]);
  status = 0;
  history: number[] = [];

  static create(init: Partial<Order> = {}): Order {
    return Object.assign(new Order(), init);
  }

  static write(os: TarsOutputStream, value: Order): void {
    os.writeInt32(0, value.id);
    os.writeLong(1, value.createdMs);
    os.writeString(2, value.customer);
    os.writeString(3, value.note);
    os.writeListHead(4, value.items.length);
    for (const item of value.items) os.writeStruct(0, item, Item);
    os.writeMapHead(5, value.attributes.size);
    for (const [key, item] of sortedEntries(value.attributes)) {
      os.writeString(0, key);
      os.writeString(1, item);
    }
    os.writeDouble(6, value.total);
    os.writeBoolean(7, value.isPaid);
    os.writeBytes(8, value.signature);
    os.writeInt32(9, value.status);
    os.writeListHead(10, value.history.length);
    for (const item of value.history) os.writeInt32(0, item);
  }

  static read(is: TarsInputStream): Order {
    const value = new Order();
    value.id = is.readInt32(0);
    value.createdMs = is.readLong(1);
    value.customer = is.readString(2);
    value.note = is.readString(3);
    for (let left = is.readListSize(4); left > 0; left--) value.items.push(is.readStruct(0, Item));
    for (let left = is.readMapSize(5); left > 0; left--) value.attributes.set(is.readName(0), is.readString(1));
    value.total = is.readDouble(6);
    value.isPaid = is.readBoolean(7);
    value.signature = is.readBytes(8);
    value.status = is.readInt32(9);
    for (let left = is.readListSize(10); left > 0; left--) value.history.push(is.readInt32(0));
    return value;
  }

  static toJson(): never {
    throw new Error('not needed');
  }

  static fromJson(): never {
    throw new Error('not needed');
  }
}

/** What is encoded and decoded: some ints, texts, a list of structs, a map, doubles, bytes. */
export const sample: Order = Order.create({
  id: 20_461,
  createdMs: 1_763_975_123_456,
  customer: 'Hélène Ångström 你好',
  note: 'Deliver to the back door after six, the bell does not work; ask for the key at the bakery.',
  items: Array.from({ length: 8 }, (_, i) =>
    Item.create({ id: 1000 + 37 * i, name: `article number ${i}`, count: 1 + i, price: 9.95 + 3.5 * i }),
  ),
  attributes: new Map([
    ['channel', 'web'],
    ['currency', 'EUR'],
    ['language', 'fr-FR'],
    ['voucher', 'SPRING-2026-0815'],
  ]),
  total: 1234.56,
  isPaid: true,
  signature: Uint8Array.from({ length: 64 }, (_, i) => (i * 37) & 255),
  status: -3,
  history: [1, 20, 300, 4000, 50_000, 600_000],
});
