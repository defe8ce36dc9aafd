import type { NameNode } from '../syntax/tree.js';
import type { Scope } from './scope.js';

/** A name that is defined. Those that begin with `tars` belong to the framework. */
export function checkName(scope: Scope, name: NameNode, withTars: boolean): void {
  if (name.text === '__proto__') scope.report(name, 'JavaScript cannot have this name; rename it');
  if (withTars || !name.text.startsWith('tars')) return;
  scope.report(
    name,
    `names that begin with "tars" belong to TARS itself; rename ${name.text}, or compile with --with-tars`,
  );
}
