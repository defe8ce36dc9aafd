/** Words that TypeScript does not take as names of declarations or parameters. */
const reservedWords: ReadonlySet<string> = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if import in
  instanceof new null return super switch this throw true try typeof var void while with implements interface let package private
  protected public static yield await async of arguments eval undefined NaN Infinity`.split(/\s+/),
);

/** Names of types, of globals and of imports that generated code uses itself. */
const usedByCode: ReadonlySet<string> = new Set(
  `any unknown never object symbol bigint boolean number string Map Uint8Array Object Promise Partial Function Array Error
  tars tarsFunction tarsJsonField sortedEntries encodePush TarsInputStream TarsOutputStream TarsStructType TarsJson TarsFunction
  TarsInterface TarsProxy TarsPrxCallback TarsCallOptions TarsServant TarsCurrent Current PushOptions ByteVector ServantProxyInit
  is os value json init order result current options callback context a b`.split(/\s+/),
);

/** Variables of loops, numbered by their depth. */
const loopVariable = /^(?:item|key|left|list|map)\d*$/;

/** Whether a parameter cannot have this name. */
export function isReservedWord(name: string): boolean {
  return reservedWords.has(name);
}

/** Whether a declaration at the top of a generated file cannot have this name. */
export function isTakenByCode(name: string): boolean {
  return reservedWords.has(name) || usedByCode.has(name) || loopVariable.test(name);
}

/** Names of fields that a class cannot have. */
export function fieldName(name: string): string {
  return name === 'constructor' ? `${name}_` : name;
}

/** `testHello` → `TestHello`. */
export function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `TestHello` → `testHello`. */
export function uncapitalize(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
