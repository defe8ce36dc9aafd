/** What Node has, and browsers do not. */
interface NodeBuffers {
  allocUnsafeSlow(size: number): Uint8Array<ArrayBuffer>;
}

const node = Reflect.get(globalThis, 'Buffer') as Partial<NodeBuffers> | undefined;

/**
 * Memory of its own that holds whatever was there before, where the platform gives such: what is overwritten anyway need not be filled with
 * zeros. Nothing of it may be given away that was not written.
 */
export const unfilledBytes: (size: number) => Uint8Array<ArrayBuffer> =
  typeof node?.allocUnsafeSlow === 'function' ? takeUnfilled : (size) => new Uint8Array(size);

function takeUnfilled(size: number): Uint8Array<ArrayBuffer> {
  // A plain array: what is done with a Buffer and with others should not meet in the same code.
  return new Uint8Array((node as NodeBuffers).allocUnsafeSlow(size).buffer);
}
