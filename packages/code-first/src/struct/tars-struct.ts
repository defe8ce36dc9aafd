import { declarationFault } from '../declare/declaration-fault.js';
import { declared } from '../declare/declared.js';
import { splitFullName } from '../declare/full-name.js';
import { declaredFields, declareStruct, type FieldDeclaration } from './struct-declaration.js';

/** What `@TarsStruct` may be told. */
export interface TarsStructOptions {
  /** Module and name, as `TestApp.User`. */
  readonly name: string;
  /** Fields that decide the order of such structs, most important first: they may then be keys of a map. */
  readonly key?: readonly string[];
}

/**
 * Makes a class a struct of TARS: its properties with `@TarsField` are what travels.
 *
 * ```ts
 * @TarsStruct({ name: 'TestApp.User', key: ['id'] })
 * class User {
 *   @TarsField(0, tars.int, { require: true }) id = 0;
 *   @TarsField(1, tars.string) name = 'nobody';
 * }
 * ```
 *
 * Instances are made without arguments; the fields of a class that it extends are its fields too.
 *
 * @throws TarsException when name, tags or key cannot be.
 */
export function TarsStruct(nameOrOptions: string | TarsStructOptions): (target: new () => object) => void {
  const { name, key = [] } = typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions;
  splitFullName(name);
  return (target) => {
    const fields = fieldsInOrder(target.prototype as object, name);
    for (const member of key) {
      if (!fields.some((field) => field.name === member)) {
        throw declarationFault(`the key of ${name} names '${member}', which is no field of it`);
      }
    }
    declareStruct(target, { name, key, fields });
    declared.structs.set(name, target);
  };
}

/** A property that is declared again, in a class that extends another, is that one. */
function fieldsInOrder(prototype: object, name: string): readonly FieldDeclaration[] {
  const byName = new Map(declaredFields(prototype).map((field) => [field.name, field]));
  if (byName.size === 0) throw declarationFault(`${name} has no fields; give its properties @TarsField(tag, type)`);
  const fields = [...byName.values()].toSorted((a, b) => a.tag - b.tag);
  for (const [index, { tag, name: field }] of fields.entries()) {
    const before = fields[index - 1];
    if (before?.tag === tag)
      throw declarationFault(`${name}.${before.name} and ${name}.${field} both have the tag ${tag}`);
  }
  return fields;
}
