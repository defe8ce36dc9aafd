import { ByteVector } from './byte-vector.js';

function vector(fields: Partial<Record<'buffer' | 'start' | 'end', unknown>>): ByteVector {
  return Object.assign(new ByteVector(Uint8Array.of(1, 2, 3)), fields);
}

/** What programs hand over by mistake where bytes are wanted. */
export function noBytes(): [name: string, value: unknown][] {
  return [
    ['a promise', Promise.resolve(Uint8Array.of(1))],
    // oxlint-disable-next-line unicorn/no-thenable -- it is what a query builder is
    ['a thenable', { then: () => undefined }],
    ['an array', [1, 2, 3]],
    ['an object with a length', { length: 3 }],
    ['an empty object', {}],
    ['a number', 5],
    ['a bigint', 5n],
    ['a boolean', true],
    ['null', null],
    ['undefined', undefined],
    ['a text', 'text'],
    ['a symbol', Symbol('s')],
    ['a function', () => Uint8Array.of(1)],
    ['shared memory', new SharedArrayBuffer(3)],
    ['a DataView', new DataView(new ArrayBuffer(3))],
    ['16-bit units', Uint16Array.of(1, 2)],
    ['clamped bytes', Uint8ClampedArray.of(1)],
    ['signed bytes', Int8Array.of(1)],
    ['a Proxy of bytes', new Proxy(Uint8Array.of(1), {})],
    ['what only inherits from bytes', Object.create(Uint8Array.prototype)],
    [
      'what throws when it is looked at',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    ['JSON of a Buffer', Buffer.from([1, 2]).toJSON()],
    ['a Blob', new Blob(['x'])],
    ['a stream', new ReadableStream()],
  ];
}

/** Vectors whose fields somebody has written wrongly. */
export function brokenVectors(): [name: string, value: ByteVector][] {
  return [
    ['a vector of a text', vector({ buffer: 'text' })],
    ['a vector of an array', vector({ buffer: [1, 2, 3] })],
    ['a vector that ends behind its block', vector({ end: 4 })],
    ['a vector that begins before its block', vector({ start: -1 })],
    ['a vector that ends before it begins', vector({ start: 2, end: 1 })],
    ['a vector without an end', vector({ end: Number.NaN })],
  ];
}
