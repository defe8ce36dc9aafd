import { RegistryF } from '@tarsier/framework/internal';
import { type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';
import { QueryF } from '@tarsier/proxy';

/** Told by the master and slave of TARS, which there are none of here. */
const registerChange: TarsFunction<[servers: Map<string, string>, name: string], number> = tarsFunction(
  'registerChange',
  tars.int,
  [
    { name: 'servers', type: tars.map(tars.string, tars.string) },
    { name: 'name', type: tars.string },
  ],
);

/** What clients ask (`QueryF`), and what servers tell (`RegistryF`): one object, so that one locator serves both. */
export const registryInterface: TarsInterface = {
  name: QueryF.name,
  functions: new Map([
    ...QueryF.functions,
    ...RegistryF.functions,
    [registerChange.name, registerChange as unknown as TarsFunction<never, unknown>],
  ]),
};
