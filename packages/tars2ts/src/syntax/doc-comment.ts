import type { Comment, Token } from './token.js';

/**
 * The comment that belongs to a definition: what stands right before it, without a blank line between, and what stands behind it in the
 * line of its end.
 *
 * @param first its first token.
 * @param before the token before that one; a comment in its line is not ours.
 * @param last its last token.
 * @param after the token behind that one.
 */
export function docOf(first: Token, before: Token | undefined, last: Token, after: Token | undefined): string[] {
  return [...leading(first, before), ...trailing(last, after)];
}

function leading(first: Token, before: Token | undefined): string[] {
  const { text } = first.source;
  const own: Comment[] = [];
  // What stands in the line of the token before belongs to that one.
  const gap = before === undefined ? 0 : text.slice(before.end, first.start).indexOf('\n');
  const lineEnd = before === undefined ? 0 : gap < 0 ? first.start : before.end + gap;
  let next = first.start;
  for (const comment of first.comments.toReversed()) {
    if (newlines(text, comment.end, next) > 1) break;
    if (comment.start < lineEnd) break;
    own.push(comment);
    next = comment.start;
  }
  return own.toReversed().flatMap((comment) => linesOf(text.slice(comment.start, comment.end)));
}

function trailing(last: Token, after: Token | undefined): string[] {
  if (after === undefined) return [];
  const { text } = last.source;
  let from = last.end;
  const lines: string[] = [];
  for (const comment of after.comments) {
    if (newlines(text, from, comment.start) > 0) break;
    lines.push(...linesOf(text.slice(comment.start, comment.end)));
    from = comment.end;
  }
  return lines;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === 10) count++;
  return count;
}

/** The text of a comment before the mark of its end, however many stars that has. */
function withoutEnd(text: string): string {
  if (!text.endsWith('/')) return text;
  let end = text.length - 1;
  while (text[end - 1] === '*') end--;
  return text.slice(0, end);
}

/** The lines of a comment without its marks and rulers. */
function linesOf(comment: string): string[] {
  const inner = comment.startsWith('//')
    ? [comment.replace(/^\/\/[/!]*<?/, '')]
    : withoutEnd(comment.replace(/^\/\*[*!]*<?/, ''))
        .split('\n')
        .map((line, index) => (index === 0 ? line : line.replace(/^\s*\*+/, '')));
  const lines = inner.map((line) => line.trim()).filter((line) => !/^[-=*/#_\s]+$/.test(line));
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
