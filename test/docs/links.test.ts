import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, pages, proseOf, root } from './markdown.js';

function brokenLinks(file: string): string[] {
  const broken: string[] = [];
  const prose = proseOf(file).replace(/`[^`\n]*`/g, '');
  for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const found = path === '' ? file : normalize(join(file, '..', path));
    if (!existsSync(join(root, found))) broken.push(`${target}: there is no ${found}`);
    else if (anchor !== undefined && !anchorsOf(found).has(anchor)) broken.push(`${target}: no such heading`);
  }
  return broken;
}

describe('relative links', () => {
  it.each(pages())('of %s lead to a file, and to a heading in it', (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  it('are found broken when they are', () => {
    expect(anchorsOf('docs/reference/errors.md')).toContain('tarsier_call_timeout');
    expect(anchorsOf('docs/reference/errors.md')).not.toContain('tarsier_no_such_code');
  });
});
