import { type TarsType, tars } from '@tarsier/protocol';
import { declarationFault } from './declaration-fault.js';
import { declared } from './declared.js';
import { isIdentifier, splitFullName } from './full-name.js';

/** The values of an object of numbers, or of an enum of TypeScript. */
export type EnumValue<Members> = Extract<Members[keyof Members], number>;

/**
 * The type of an enum, with its members, so that the printed IDL has them.
 *
 * ```ts
 * const Color = { RED: 0, GREEN: 5 } as const;
 * const color = tarsEnum('TestApp.Color', Color);
 * ```
 *
 * @throws TarsException when there is no member, or one is no 32-bit integer.
 */
export function tarsEnum<const Members extends object>(name: string, members: Members): TarsType<EnumValue<Members>> {
  splitFullName(name);
  const values = new Map<string, number>();
  for (const [member, value] of Object.entries(members)) {
    // An enum of TypeScript has its names by their values too.
    if (typeof value !== 'number') continue;
    if ((value | 0) !== value || !isIdentifier(member)) {
      throw declarationFault(`${name}.${member} = ${value}: a member of an enum is a name and a 32-bit integer`);
    }
    values.set(member, value);
  }
  if (values.size === 0) throw declarationFault(`the enum ${name} has no members`);
  declared.enums.set(name, values);
  return tars.enum<EnumValue<Members>>(name);
}
