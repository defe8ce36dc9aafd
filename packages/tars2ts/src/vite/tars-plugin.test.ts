import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { type PluginContext, type PluginError, tarsPlugin } from './index.js';

const dir = fileURLToPath(new URL('../../golden/', import.meta.url));

/** The hooks of a bundler: what is watched, and a fault as an exception. */
class Context implements PluginContext {
  readonly watched: string[] = [];

  addWatchFile(id: string): void {
    this.watched.push(id);
  }

  error(error: PluginError): never {
    throw Object.assign(new Error(error.message), error);
  }
}

describe('tarsPlugin', () => {
  it('takes imports of .tars files, and leaves others alone', () => {
    const plugin = tarsPlugin();
    expect(plugin.resolveId('./Hello.tars', `${dir}main.ts`)).toBe(`${dir}Hello.tars.ts`);
    expect(plugin.resolveId('../golden/Hello.tars', `${dir}main.ts?v=1`)).toBe(`${dir}Hello.tars.ts`);
    expect(plugin.resolveId('./Hello.tars?servant', `${dir}main.ts`)).toBe(`${dir}Hello.tars.servant.ts`);
    expect(plugin.resolveId(`${dir}Hello.tars`)).toBe(`${dir}Hello.tars.ts`);
    expect(plugin.resolveId('./Base.tars', `${dir}Hello.tars.ts`)).toBe(`${dir}Base.tars.ts`);
    expect(plugin.resolveId('./Hello.js', `${dir}main.ts`)).toBeUndefined();
    expect(plugin.resolveId('package/Hello.tars', `${dir}main.ts`)).toBeUndefined();
    expect(plugin.load.call(new Context(), `${dir}main.ts`)).toBeUndefined();
  });

  it('gives a page no servants, and a server those that it asks for', () => {
    const context = new Context();
    const plugin = tarsPlugin();
    const page = plugin.load.call(context, `${dir}Hello.tars.ts`);
    expect(page).toContain('export class HelloProxy');
    expect(page).toContain("from './Base.tars'");
    expect(page).not.toContain('@tarsier/framework');
    expect(context.watched).toEqual([`${dir}Hello.tars`, `${dir}Base.tars`]);
    const server = plugin.load.call(context, `${dir}Hello.tars.servant.ts`);
    expect(server).toContain('export abstract class Hello extends TarsServant');
    expect(server).toContain("from './Hello.tars'");
  });

  it('shows a fault with its place', () => {
    const plugin = tarsPlugin({ root: dir });
    expect(() => plugin.load.call(new Context(), `${dir}gone.tars.ts`)).toThrow(
      expect.objectContaining({
        message: 'gone.tars:1:1: there is no such file; correct the path',
        loc: { file: `${dir}gone.tars`, line: 1, column: 0 },
      }),
    );
  });

  it('works in Vite', async () => {
    const entry = `${dir}entry.ts`;
    const result = await build({
      configFile: false,
      logLevel: 'silent',
      root: dir,
      plugins: [
        tarsPlugin(),
        {
          name: 'entry',
          enforce: 'pre',
          resolveId: (id) => (id === entry ? id : undefined),
          load: (id) =>
            id === entry
              ? "import { Point } from './vec.tars'; import { Tree } from './Hello.tars'; console.log(Point, Tree);"
              : undefined,
        },
      ],
      build: { write: false, minify: false, rollupOptions: { input: entry, external: /^@tarsier\// } },
    });
    const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
    const code = outputs.flatMap(({ output }) => output.map((file) => ('code' in file ? file.code : ''))).join('\n');
    expect(code).toContain('typeName = "vec.Point"');
    expect(code).toContain('readStruct(0, Tree)');
    expect(code).not.toContain(': TarsInputStream');
  });
});
