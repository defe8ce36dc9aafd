import type { TarsType } from '@tarsier/protocol';
import { declarationFault } from '../declare/declaration-fault.js';
import { declared } from '../declare/declared.js';
import { namesIn } from './idl-name.js';

/** The default of a field as it is written in an IDL; empty when it is the one that its type has anyway. */
export function printDefault(type: TarsType<unknown>, value: unknown, where: string): string {
  const [enumName] = namesIn(type.idl);
  const members = enumName === undefined ? undefined : declared.enums.get(enumName);
  // C++ begins an enum with its first member, whatever that is: its default is always said.
  if (members !== undefined && typeof value === 'number') return ` = ${memberOf(members, value, where)}`;
  if (typeof value === 'object' || value === type.initial()) return '';
  return ` = ${literal(value, where)}`;
}

function memberOf(members: ReadonlyMap<string, number>, value: number, where: string): string {
  for (const [name, member] of members) if (member === value) return name;
  throw declarationFault(`the default of ${where} is ${value}, which is no member of its enum`);
}

function literal(value: unknown, where: string): string {
  if (typeof value === 'string') return `"${value.replace(/["\\\p{Cc}]/gu, escape)}"`;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw declarationFault(`the default of ${where} is ${value}, which an IDL cannot say`);
  }
  return String(value);
}

/** Octal, of three digits: what follows cannot become a part of it. */
function escape(char: string): string {
  if (char === '"' || char === '\\') return `\\${char}`;
  return [...new TextEncoder().encode(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
