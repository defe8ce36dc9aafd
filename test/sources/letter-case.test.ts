import ts from 'typescript';
import { expect, it } from 'vitest';
import { placeOf, runTimeSources, visitNodes } from './run-time-sources.js';

const FUNCTIONS = /^(?:to(?:Locale)?(?:Lower|Upper)Case|localeCompare)$/;

/** Where letters are not compared by the rules of a protocol: in names of code that is made, and in hex. */
const ALLOWED = [
  'packages/code-first/src/interface/callback-of.ts',
  'packages/framework/src/connection/distinguished-name.ts',
  'packages/protocol/src/buffer/ascii.ts',
  'packages/proxy/src/tars/tars-prx-callback.ts',
  'packages/tars2ts/',
];

it('letters of protocols and configurations are compared as ASCII', () => {
  const found: string[] = [];
  for (const source of runTimeSources()) {
    if (ALLOWED.some((path) => source.file.startsWith(path))) continue;
    visitNodes(source.tree, (node) => {
      if (!ts.isPropertyAccessExpression(node) || !FUNCTIONS.test(node.name.text)) return;
      found.push(
        `${placeOf(source, node)} ${node.getText()}: it follows Unicode, which takes U+212A for the letter k; use lowerAscii`,
      );
    });
  }
  expect(found).toEqual([]);
});
