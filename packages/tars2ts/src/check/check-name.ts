import type { NameNode } from '../syntax/tree.js';
import type { Scope } from './scope.js';

/** The name of a function: as in tars2cpp it may begin with `tars`. */
export function checkFunctionName(scope: Scope, name: NameNode): void {
  checkWord(scope, name);
  if (name.text === 'tars_ping' && !scope.settings.withTars) {
    scope.report(name, 'every servant has a function tars_ping already; rename this one');
  }
}

function checkWord(scope: Scope, name: NameNode): void {
  if (name.text === '__proto__') scope.report(name, 'JavaScript cannot have this name; rename it');
}

/** A name that is defined. Those that begin with `tars` belong to the framework. */
export function checkName(scope: Scope, name: NameNode): void {
  checkWord(scope, name);
  if (scope.settings.withTars || !name.text.startsWith('tars')) return;
  scope.report(
    name,
    `names that begin with "tars" belong to TARS itself; rename ${name.text}, or compile with --with-tars`,
  );
}
