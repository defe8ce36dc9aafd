import { describe, expect, it } from 'vitest';
import { tryCompile } from '../compile.js';
import { isLanguageName } from './language-names.js';

const names = ['then', 'catch', 'finally', 'toJSON', ...Object.getOwnPropertyNames(Object.prototype)].filter(
  (name) => !name.startsWith('__'),
);

function compiled(functions: readonly string[]): ReturnType<typeof tryCompile> {
  const text = `module M { interface Flow { ${functions.map((name) => `int ${name}(int a, out string b);`).join(' ')} }; };`;
  return tryCompile(['/Flow.tars'], { readFile: (path) => (path.endsWith('Flow.tars') ? text : undefined) });
}

describe('functions with names that JavaScript uses itself', () => {
  it.each(names)('%s is another method of proxy and servant, and stays what it is on the wire', (name) => {
    const { files, notes, problems } = compiled([name]);
    expect(problems).toEqual([]);
    expect(notes).toEqual([expect.stringContaining(`Flow::${name} are called ${name}_`)]);
    const [main = '', servant = ''] = files.map(({ text }) => text);
    expect(main).toContain(`\n  ${name}_(`);
    expect(main).not.toMatch(new RegExp(`\\n {2}${name}\\(`));
    expect(main).toContain(`${name}: tarsFunction('${name}'`);
    expect(servant).toContain(`abstract ${name}_(`);
    expect(main).toContain(`Its name in the IDL is \`${name}\``);
  });

  it('others keep theirs, and nothing is said of them', () => {
    const { files, notes } = compiled(['thenable', 'toText', 'close']);
    expect(notes).toEqual([]);
    expect(files[0]?.text).toContain('\n  thenable(');
    expect([isLanguageName('__proto__'), isLanguageName('Then')]).toEqual([true, false]);
  });
});
