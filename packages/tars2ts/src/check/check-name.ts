import type { NameNode } from '../syntax/tree.js';
import type { Scope } from './scope.js';

/** Names that begin with `tars` belong to the framework. */
export function checkName(scope: Scope, name: NameNode, withTars: boolean): void {
  if (withTars || !name.text.startsWith('tars')) return;
  scope.report(name, `names that begin with "tars" belong to TARS itself; rename ${name.text}, or compile with --with-tars`);
}
