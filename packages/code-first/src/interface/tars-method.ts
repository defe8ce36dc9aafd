import { type TarsParamInit, type TarsType, tarsFunction } from '@tarsier/protocol';
import { declarationFault } from '../declare/declaration-fault.js';
import { isIdentifier } from '../declare/full-name.js';
import { declareMethod } from './interface-declaration.js';
import type { MatchOf, MethodDescription } from './method-types.js';
import type { ParamDescription } from './param.js';
import { checkLanguageName } from './taken-name.js';

/** Decorates a method, or a property of the type of a function, that is as it is described. */
export type TarsMethodDecorator<D extends MethodDescription> = <C extends object, K extends string & keyof C>(
  target: C,
  key: K & MatchOf<C[K], D>,
) => void;

/** Source: the limit of tars2cpp. */
const MAX_PARAMS = 255;
const RETURN_VALUE = '_ret';

/**
 * Makes a member of a class a function of its `@TarsInterface`: its name is that of the function.
 *
 * In a contract it stands before a property without a value, since a decorator needs something that is there at run time:
 *
 * ```ts
 * @TarsMethod({ returns: tars.int, params: { sReq: tars.string, sRsp: out(tars.string) } })
 * testHello!: (sReq: string) => Promise<{ _ret: number; sRsp: string }>;
 * ```
 *
 * In a servant it stands before the method itself. The compiler compares types and number of the inputs, and the result; that the inputs are
 * in the order of `params` it cannot see.
 *
 * @throws TarsException for names and types that cannot be.
 */
export function TarsMethod<const D extends MethodDescription>(description: D): TarsMethodDecorator<D> {
  return (target: object, key: string): void => {
    const where = `${target.constructor.name}.${key}`;
    if (!isIdentifier(key)) throw declarationFault(`the function ${where} has a name that an IDL cannot have`);
    checkLanguageName(key, where);
    const params = Object.entries(description.params ?? {}).map(([name, param]) => paramOf(name, param, where, key));
    if (params.length > MAX_PARAMS) {
      throw declarationFault(`${where} has ${params.length} parameters; a function has ${MAX_PARAMS} at most`);
    }
    if (description.returns !== undefined) checkType(description.returns, `the return value of ${where}`);
    declareMethod(target, tarsFunction(key, description.returns, params));
  };
}

function paramOf(name: string, param: ParamDescription, where: string, func: string): TarsParamInit {
  const what = `the parameter ${name} of ${where}`;
  if (!isIdentifier(name) || name === RETURN_VALUE || name === func) {
    throw declarationFault(`${what} has a name that an IDL cannot have, or that of the function, or '${RETURN_VALUE}'`);
  }
  const isInput = param === undefined || !('direction' in param);
  const type = isInput ? param : param.type;
  checkType(type, what);
  const isRouteKey = !isInput && param.direction === 'routekey';
  if (isRouteKey && type.idl !== 'string') throw declarationFault(`${what} is a route key, and those are strings`);
  return { name, type, isOut: !isInput && param.direction === 'out', isRouteKey };
}

function checkType(type: TarsType<unknown> | undefined, what: string): void {
  if (typeof type?.write !== 'function') {
    throw declarationFault(`${what} has no type of TARS; give one, as tars.string, out(tars.string) or struct(User)`);
  }
}
