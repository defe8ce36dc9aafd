import type { NetWorkBuffer } from '../buffer/network-buffer.js';

/** An unsigned integer at a fixed place of a packet. */
export interface UnsignedField {
  /** Its first byte, counted from the first byte of the packet. */
  readonly offset: number;
  readonly bytes: 1 | 2 | 3 | 4;
  readonly isLittleEndian: boolean;
}

/** Makes a function that looks at the field of the packet at the start of a buffer; the field must have arrived. */
export function fieldReader(field: UnsignedField): (input: NetWorkBuffer) => number {
  const { offset, bytes, isLittleEndian } = field;
  switch (bytes) {
    case 1:
      return (input) => input.peekUint8(offset);
    case 2:
      return (input) => input.peekUint16(offset, isLittleEndian);
    case 3:
      return isLittleEndian
        ? (input) => input.peekUint16(offset, true) | (input.peekUint8(offset + 2) << 16)
        : (input) => (input.peekUint8(offset) << 16) | input.peekUint16(offset + 1);
    case 4:
      break;
  }
  return (input) => input.peekUint32(offset, isLittleEndian);
}

/** Writes the field of the packet that begins at an index of a block. `value` must fit. */
export function writeField(block: Uint8Array, at: number, field: UnsignedField, value: number): void {
  const { bytes, isLittleEndian } = field;
  const first = at + field.offset;
  // A Uint8Array keeps the low 8 bits of what is stored.
  for (let i = 0; i < bytes; i++) {
    block[first + i] = value >>> (8 * (isLittleEndian ? i : bytes - 1 - i));
  }
}
