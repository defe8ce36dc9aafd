import { type FunctionModel, fullNameOf, type InterfaceModel } from '../check/model.js';
import { codesOf } from './client-code.js';
import type { InterfaceNames } from './file-names.js';
import { type FunctionCode, functionDoc, methodNames, parameterList } from './function-names.js';
import { servantMembers } from './inherited-names.js';
import { type CodeWriter, quote } from './layout.js';
import { NameTable } from './name-table.js';
import { capitalize } from './reserved-names.js';
import { PROTOCOL, type TypeNames } from './type-names.js';

const FRAMEWORK = '@tarsier/framework';

/** The abstract servant of an interface. */
export function writeServant(writer: CodeWriter, types: TypeNames, model: InterfaceModel): void {
  const names = types.unit.names.ofInterface(model);
  const from = types.unit.specifierOf(model);
  const { imports } = types;
  imports.value(FRAMEWORK, 'TarsServant');
  imports.type(PROTOCOL, 'TarsInterface');
  imports.value(from, names.constant);
  for (const name of names.results.values()) imports.type(from, name);
  const methods = methodNames(model, servantMembers);
  const renamed = [...methods].filter(([fn, name]) => fn.name !== name);
  if (renamed.length > 0) writeRenames(writer, types, model, renamed);
  const intro = model.doc.length > 0 ? [...model.doc, ''] : [];
  writer.doc([...intro, `Serves \`${fullNameOf(model)}\`: derive from it, and implement its functions.`]);
  writer.block(`export abstract class ${names.servant} extends TarsServant`, () => {
    const constant = renamed.length > 0 ? `${names.constant}Methods` : names.constant;
    writer.assign('override readonly tarsInterface: TarsInterface', constant);
    const codes = codesOf(types, model);
    if (codes.length > 0) {
      imports.type(FRAMEWORK, 'Current');
      imports.value(from, names.functions);
    }
    for (const code of codes) writeMethod(writer, code, methods.get(code.model) as string);
    const statics = new NameTable((name) => name === 'asyncResponse' || name === 'asyncResponsePush');
    for (const code of codes) writeStatics(writer, types, names, code, statics);
  });
}

/** Methods that cannot have the names of their functions, which the base class has already. */
function writeRenames(
  writer: CodeWriter,
  types: TypeNames,
  model: InterfaceModel,
  renamed: readonly (readonly [FunctionModel, string])[],
): void {
  const names = types.unit.names.ofInterface(model);
  types.imports.value(types.unit.specifierOf(model), names.functions);
  writer.line('// The base class has methods of these names already: those of the interface end with an underscore.');
  writer.block(
    `const ${names.constant}Methods: TarsInterface =`,
    () => {
      writer.line(`name: ${names.constant}.name,`);
      const pairs = renamed.map(([fn, name]) => {
        return `[${quote(fn.name)}, { ...${names.functions}.${fn.name}, name: ${quote(name)} }]`;
      });
      writer.list('functions: new Map([', [`...${names.constant}.functions`, ...pairs], ']),');
    },
    '};',
  );
  writer.blank();
}

function writeMethod(writer: CodeWriter, code: FunctionCode, name: string): void {
  writer.blank().doc(functionDoc(code.model));
  const params = [...parameterList(code), `${code.current}: Current`];
  writer.list(`abstract ${name}(`, params, `): ${code.result} | Promise<${code.result}>;`);
}

function writeStatics(
  writer: CodeWriter,
  types: TypeNames,
  names: InterfaceNames,
  code: FunctionCode,
  statics: NameTable,
): void {
  const { model, result } = code;
  const fn = `${names.functions}.${model.name}`;
  const suffix = capitalize(model.name);
  const resultParam = result === 'void' ? [] : [`result: ${result}`];
  const resultArgument = result === 'void' ? 'undefined' : 'result';

  writer.blank().doc([`Answers \`${model.name}\` after \`current.setResponse(false)\`; false when nothing was taken.`]);
  writer.list(
    `static ${statics.take(`asyncResponse${suffix}`)}(`,
    ['current: Current', ...resultParam],
    '): boolean {',
  );
  writer.indented(() => writer.list(`return ${names.servant}.asyncResponse(`, ['current', fn, resultArgument], ');'));
  writer.line('}');

  writer
    .blank()
    .doc([`Pushes what \`${model.name}\` gives to the connection of \`current\`; false when nothing was taken.`]);
  const context = 'context?: ReadonlyMap<string, string>';
  const push = statics.take(`asyncResponsePush${suffix}`);
  writer.list(`static ${push}(`, ['current: Current', ...resultParam, context], '): boolean {');
  const pushArguments = ['current', fn, resultArgument, 'context'];
  writer.indented(() => writer.list(`return ${names.servant}.asyncResponsePush(`, pushArguments, ');'));
  writer.line('}');

  types.imports.value(PROTOCOL, 'encodePush');
  types.imports.type(PROTOCOL, 'PushOptions');
  types.imports.type(PROTOCOL, 'ByteVector');
  writer.blank().doc([`A push of what \`${model.name}\` gives as a packet, to be sent to many.`]);
  const encode = statics.take(`encodePush${suffix}`);
  writer.list(`static ${encode}(`, [...resultParam, 'options?: PushOptions'], '): ByteVector {');
  writer.indented(() => writer.list('return encodePush(', [fn, resultArgument, 'options'], ');'));
  writer.line('}');
}
