import { type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy } from '@tarsier/proxy';
import { RegisteredServer } from './registered-server.js';

const registerServer: TarsFunction<[info: RegisteredServer, leaseMs: number], number> = tarsFunction(
  'registerServer',
  tars.int,
  [
    { name: 'info', type: tars.struct(RegisteredServer) },
    { name: 'leaseMs', type: tars.int },
  ],
);
const unregister: TarsFunction<[instance: string], number> = tarsFunction('unregister', tars.int, [
  { name: 'instance', type: tars.string },
]);

/** What servers call that register themselves. Not of TARS, where a node agent does so for them. */
export const RegistryF: TarsInterface = {
  name: 'tarsier.RegistryF',
  functions: new Map(
    [registerServer, unregister].map((fn) => [fn.name, fn as unknown as TarsFunction<never, unknown>]),
  ),
};

/** A registry at which servers register themselves. */
export class RegistryFProxy extends TarsProxy {
  /**
   * The server serves this, for so long; again before that renews it.
   *
   * @param leaseMs it becomes inactive when it is not renewed within it.
   * @returns 0.
   */
  registerServer(info: RegisteredServer, leaseMs: number, options?: TarsCallOptions): Promise<number> {
    return this.invoke(registerServer, [info, leaseMs], options);
  }

  /** The server serves nothing any more. @returns 0, also when nobody of this name was registered. */
  unregister(instance: string, options?: TarsCallOptions): Promise<number> {
    return this.invoke(unregister, [instance], options);
  }
}
