import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { placeOf, runTimeSources, visitNodes } from './run-time-sources.js';
import { slowTextOf } from './slow-expressions.js';

describe('regular expressions of the packages', () => {
  it('take one pass over a text, whatever it is', { timeout: 120_000 }, () => {
    const slow: string[] = [];
    let count = 0;
    for (const source of runTimeSources()) {
      visitNodes(source.tree, (node) => {
        const expression = expressionOf(node);
        if (expression === undefined) return;
        count++;
        const found = slowTextOf(expression);
        if (found === undefined) return;
        const text = `${JSON.stringify(found.start)}, then ${JSON.stringify(found.repeated)} up to ${found.length} characters`;
        slow.push(
          `${placeOf(source, node)} ${String(expression)} took ${found.ms} ms for ${text}, then ${JSON.stringify(found.end)}: ` +
            'its time grows faster than the text. Write a scan of one pass (indexOf, split, a loop), or anchor the expression.',
        );
      });
    }
    expect(slow).toEqual([]);
    expect(count).toBeGreaterThan(80);
  });
});

describe('slowTextOf', () => {
  it.each([
    /[ \t]+$/,
    /\?.*$/,
    /%.*$/,
    /%.+$/,
    /\**\/$/,
    /\w+::\w+/g,
    /^\s*(.*?)\s*$/,
    /(?:^|,)[^;]*,x/,
    /^\d*\d*;/,
    /a{2,}b/,
    /^(?:a+)+$/,
    /^(?:\w|x)*$/,
    /<(?<name>[^!]+)>/,
  ])('finds %s', (expression) => {
    expect(slowTextOf(expression)).toBeDefined();
  });

  it.each([
    /^[+-]?\d+$/,
    /\s+/g,
    /[^\n]+/g,
    /^(.*)\.tars(\?servant)?$/,
    /\b\w+::\w+/g,
    /%[^%]*$/,
    /[ \t]*/y,
    /^\/\*[*!]*<?/,
    /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/,
    /\d{1,5}$/,
  ])('passes %s', (expression) => {
    expect(slowTextOf(expression)).toBeUndefined();
  });
});

/** The expression that a node stands for; `x` stands for what is only known at run time. */
function expressionOf(node: ts.Node): RegExp | undefined {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/');
    return new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
  }
  if (!(ts.isNewExpression(node) || ts.isCallExpression(node)) || node.expression.getText() !== 'RegExp')
    return undefined;
  const [source, flags] = node.arguments ?? [];
  return new RegExp(textOf(source), textOf(flags));
}

function textOf(node: ts.Expression | undefined): string {
  if (node === undefined) return '';
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span) => `x${span.literal.text}`).join('');
  throw new Error(
    `a regular expression is made of ${node.getText()}: write it as a literal, so that its cost can be tried`,
  );
}
