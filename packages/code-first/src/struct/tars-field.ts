import { declarationFault } from '../declare/declaration-fault.js';
import { isIdentifier } from '../declare/full-name.js';
import { inferType } from './infer-type.js';
import { declareField, type TypeOrLazy } from './struct-declaration.js';

/** What a field may be told besides its type. */
export interface TarsFieldOptions {
  /** Always sent, and a struct without it does not decode. False unless told: `optional`. */
  readonly require?: boolean;
}

/** Decorates a property whose values are of the type. */
export type TarsFieldDecorator<T> = <K extends string>(target: { [P in K]: T }, key: K) => void;

/** What `@TarsField` can tell the type of by itself. */
export type InferredField = string | boolean | bigint | object;

const MAX_TAG = 255;

/**
 * Makes a property a field of its `@TarsStruct`. What a fresh instance has in it is its default.
 *
 * @param tag 0 to 255: what the field is known by on the wire, whatever its name.
 * @param type its type; a function that gives it where the class is not there yet, as `() => tars.list(struct(Node))`.
 * @throws TarsException when something cannot be.
 */
export function TarsField<T>(tag: number, type: TypeOrLazy<T>, options?: TarsFieldOptions): TarsFieldDecorator<T>;
/** The type is that of the property: of a string, boolean, bigint, `Uint8Array` or another struct. Needs `emitDecoratorMetadata`. */
export function TarsField(tag: number, options?: TarsFieldOptions): TarsFieldDecorator<InferredField>;
export function TarsField(
  tag: number,
  typeOrOptions: TypeOrLazy<unknown> | TarsFieldOptions = {},
  options: TarsFieldOptions = {},
): (target: object, key: string) => void {
  return (target, key) => {
    const where = `the field ${target.constructor.name}.${key}`;
    if (!isIdentifier(key)) throw declarationFault(`${where} has a name that an IDL cannot have`);
    if (!Number.isInteger(tag) || tag < 0 || tag > MAX_TAG) {
      throw declarationFault(`${where} has the tag ${tag}; tags are 0 to ${MAX_TAG}`);
    }
    const given = isType(typeOrOptions) ? typeOrOptions : undefined;
    const { require = false } = isType(typeOrOptions) ? options : typeOrOptions;
    const type = given ?? inferType(target, key, where, tag);
    declareField(target, { name: key, tag, type, isRequired: require });
  };
}

function isType(value: TypeOrLazy<unknown> | TarsFieldOptions): value is TypeOrLazy<unknown> {
  return typeof value === 'function' || 'write' in value;
}
