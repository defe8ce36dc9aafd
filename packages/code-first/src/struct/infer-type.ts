import 'reflect-metadata';
import { type TarsType, tars } from '@tarsier/protocol';
import { declarationFault } from '../declare/declaration-fault.js';
import { structDeclarationOf } from './struct-declaration.js';
import { struct } from './struct-type.js';

const known: ReadonlyMap<unknown, TarsType<unknown>> = new Map<unknown, TarsType<unknown>>([
  [String, tars.string],
  [Boolean, tars.bool],
  [BigInt, tars.long],
  [Uint8Array, tars.bytes],
]);

const hints: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Number, 'tars.int, tars.double or another type of numbers'],
  [Array, 'tars.list(…) with the type of its elements'],
  [Map, 'tars.map(…) with the types of its keys and values'],
]);

/**
 * The type of a property, of what the compiler notes with `emitDecoratorMetadata`.
 *
 * @throws TarsException when that leaves more than one.
 */
export function inferType(prototype: object, key: string, where: string, tag: number): TarsType<unknown> {
  const design: unknown = Reflect.getMetadata('design:type', prototype, key);
  const type = known.get(design);
  if (type !== undefined) return type;
  if (typeof design === 'function' && structDeclarationOf(design) !== undefined) {
    return struct(design as new () => object);
  }
  const write = (what: string): string => `write @TarsField(${tag}, …) with ${what}`;
  if (design === undefined) {
    throw declarationFault(
      `${where} has no type of TARS: ${write('one, as tars.string')}, or compile with emitDecoratorMetadata`,
    );
  }
  const name = typeof design === 'function' ? design.name : typeof design;
  throw declarationFault(
    `${where} is a ${name}, which may be more than one type: ${write(hints.get(design) ?? 'one')}`,
  );
}
