import { declarationFault } from '../declare/declaration-fault.js';
import { type AnyClass, declared } from '../declare/declared.js';
import { splitFullName } from '../declare/full-name.js';
import { type AnyFunction, declaredInterface } from '../interface/interface-declaration.js';
import { structDeclarationOf } from '../struct/struct-declaration.js';
import { fieldsOf } from '../struct/struct-type.js';
import type { Definition } from './definition.js';
import { idlName, idlType, namesIn } from './idl-name.js';
import { printDefault } from './print-literal.js';

/** The definition of a class. @throws TarsException when it is neither struct nor interface, or no IDL can have it. */
export function defineClass(target: AnyClass): Definition {
  const struct = structDeclarationOf(target);
  if (struct !== undefined) return defineStruct(target as new () => object, struct.name, struct.key);
  const found = declaredInterface(target);
  if (found !== undefined) return defineInterface(found.name, [...found.functions.values()]);
  throw declarationFault(`${target.name} is neither a struct nor an interface: give it @TarsStruct or @TarsInterface`);
}

/** The definition of a name that others need. @throws TarsException when nothing of that name was declared. */
export function defineName(fullName: string, neededBy: string): Definition {
  const members = declared.enums.get(fullName);
  if (members !== undefined) return defineEnum(fullName, members);
  const struct = declared.structs.get(fullName);
  if (struct !== undefined) return defineClass(struct);
  throw declarationFault(
    `${neededBy} needs ${fullName}, of which no definition is known: structs are declared by @TarsStruct, enums by tarsEnum('${fullName}', { … })`,
  );
}

function defineEnum(fullName: string, members: ReadonlyMap<string, number>): Definition {
  const { module, name } = splitFullName(fullName);
  const lines = [...members].map(([member, value]) => `    ${idlName(member, fullName)} = ${value}`);
  return {
    module,
    fullName,
    needs: [],
    lines: [`enum ${idlName(name, fullName)}`, '{', ...commaSeparated(lines), '};'],
  };
}

function commaSeparated(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}

function defineStruct(target: new () => object, fullName: string, key: readonly string[]): Definition {
  const { module, name } = splitFullName(fullName);
  const fields = fieldsOf(target);
  const lines = fields.map(({ name: field, tag, type, isRequired, byDefault }) => {
    const where = `${fullName}.${field}`;
    const text = `${idlType(type.idl, module)} ${idlName(field, fullName)}${printDefault(type, byDefault, where)}`;
    return `    ${tag} ${isRequired ? 'require' : 'optional'} ${text};`;
  });
  return {
    module,
    fullName,
    needs: unique(fields.map(({ type }) => type.idl)).filter((needed) => needed !== fullName),
    lines: [
      `struct ${idlName(name, fullName)}`,
      '{',
      ...lines,
      '};',
      ...(key.length === 0 ? [] : [`key[${[name, ...key].join(', ')}];`]),
    ],
  };
}

function defineInterface(fullName: string, functions: readonly AnyFunction[]): Definition {
  const { module, name } = splitFullName(fullName);
  const lines = functions.map((fn) => {
    const where = `${fullName}.${fn.name}`;
    const params = fn.params.map(({ name, type, isOut, isRouteKey }) => {
      const direction = isOut ? 'out ' : isRouteKey ? 'routekey ' : '';
      return `${direction}${idlType(type.idl, module)} ${idlName(name, where)}`;
    });
    const result = fn.result === undefined ? 'void' : idlType(fn.result.idl, module);
    return `    ${result} ${idlName(fn.name, fullName)}(${params.join(', ')});`;
  });
  const types = functions.flatMap((fn) => [fn.result?.idl ?? '', ...fn.params.map(({ type }) => type.idl)]);
  return {
    module,
    fullName,
    needs: unique(types),
    lines: [`interface ${idlName(name, fullName)}`, '{', ...lines, '};'],
  };
}

function unique(types: readonly string[]): readonly string[] {
  return [...new Set(types.flatMap(namesIn))];
}
