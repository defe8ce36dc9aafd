import { declarationFault } from '../declare/declaration-fault.js';

/** Words that cannot be names in an IDL. Source: tars.l (tools/tarsgrammar). */
const keywords: ReadonlySet<string> = new Set(
  'void struct bool byte short int double float long string vector map key routekey module interface out require optional false true enum const unsigned'.split(
    ' ',
  ),
);

/** The name. @throws TarsException when it is a keyword of the IDL. */
export function idlName(name: string, where: string): string {
  if (keywords.has(name))
    throw declarationFault(`'${name}' of ${where} is a word of the IDL; only programs without one can call it so`);
  return name;
}

/** The names that a type in IDL text has in it, as `TestApp.User`. */
export function namesIn(idl: string): readonly string[] {
  return (idl.match(/\b\w+::\w+/g) ?? []).map((name) => name.replace('::', '.'));
}

/** A type as it is written within a module. Older compilers take `>>` for one sign. */
export function idlType(idl: string, module: string): string {
  return idl.replace(new RegExp(`\\b${module}::`, 'g'), '').replace(/>(?=>)/g, '> ');
}
