import { type ConstModel, type EnumModel, fullNameOf } from '../check/model.js';
import type { CodeWriter } from './layout.js';
import type { TypeNames } from './type-names.js';
import { valueText } from './value-text.js';

/** An enum as an object of its members, and the type of their values. */
export function writeEnum(writer: CodeWriter, types: TypeNames, model: EnumModel): void {
  const name = types.unit.names.of(model);
  writer.doc(model.doc.length > 0 ? model.doc : [`Enum \`${fullNameOf(model)}\`.`]);
  writer.block(
    `export const ${name} =`,
    () => {
      for (const member of model.members) {
        writer.doc(member.doc);
        writer.line(`${member.name}: ${member.value},`);
      }
    },
    '} as const;',
  );
  writer.blank();
  writer.doc([`A value of \`${fullNameOf(model)}\`. A newer peer may send others.`]);
  writer.line(`export type ${name} = (typeof ${name})[keyof typeof ${name}];`);
}

export function writeConst(writer: CodeWriter, types: TypeNames, model: ConstModel): void {
  const name = types.unit.names.of(model);
  const isPlain = model.type.kind === 'builtin';
  writer.doc(model.doc.length > 0 ? model.doc : [`Constant \`${fullNameOf(model)}\`.`]);
  writer.assign(
    `export const ${name}${isPlain ? '' : `: ${types.type(model.type)}`}`,
    valueText(types, model.type, model.value),
  );
}
