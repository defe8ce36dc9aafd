import { type ErrorCode, type ErrorCodeInfo, errorCodes } from '@tarsier/framework';
import { describe, expect, it } from 'vitest';
import { nameIn, rowsOf, sectionOf } from './markdown.js';

const page = 'docs/reference/errors.md';
const rows = rowsOf(sectionOf(page, '## All codes'));
const codes = Object.entries(errorCodes) as [ErrorCode, ErrorCodeInfo][];

describe(page, () => {
  it('lists exactly the codes that there are, in their order', () => {
    expect(rows.map(([code]) => nameIn(code))).toEqual(codes.map(([code]) => code));
  });

  it.each(codes)('says of %s what the table of the code says, and describes it', (code, info) => {
    const row = rows.find(([cell]) => nameIn(cell) === code);
    expect(row?.slice(1)).toEqual([String(info.iRet), info.retry, info.meaning]);
    expect(row?.[0]).toContain(`(#${code.toLowerCase()})`);
    const section = sectionOf(page, `### ${code}`);
    expect(section).toContain(`\`iRet\` ${info.iRet}, retry: ${info.retry}.`);
    for (const part of ['What happened:', 'Why:', 'What to do:']) expect(section).toContain(`- ${part} `);
  });
});
