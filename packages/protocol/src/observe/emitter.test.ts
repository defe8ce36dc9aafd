import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Emitter } from './emitter.js';

interface Events {
  news: [text: string];
  error: [fault: unknown];
}

describe('Emitter', () => {
  it('tells its owner of listeners that throw or reject; the others run, and nothing reaches the emitter', async () => {
    const faults: unknown[] = [];
    const seen: string[] = [];
    const emitter = new Emitter<Events>((fault, event) => faults.push(`${String(event)}: ${String(fault)}`));
    emitter.on('news', () => {
      throw new Error('thrown');
    });
    emitter.on('news', async () => {
      await Promise.resolve();
      throw new Error('rejected');
    });
    emitter.once('news', () => Promise.reject(new Error('once')));
    emitter.on('news', (text) => seen.push(text));
    expect(emitter.emit('news', 'a')).toBe(true);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(seen).toEqual(['a']);
    expect(new Set(faults)).toEqual(new Set(['news: Error: once', 'news: Error: rejected', 'news: Error: thrown']));
  });

  it('does not go round where the listener of error fails', () => {
    let calls = 0;
    const emitter: Emitter<Events> = new Emitter<Events>((fault, event) => {
      if (event !== 'error') emitter.emit('error', fault);
    });
    emitter.on('error', () => {
      calls++;
      throw new Error('again');
    });
    emitter.on('news', () => {
      throw new Error('first');
    });
    emitter.emit('news', 'a');
    emitter.emit('error', 'b');
    expect(calls).toBe(2);
  });

  it('takes functions only', () => {
    const emitter = new Emitter<Events>(() => {});
    for (const listener of ['text', undefined, null, {}, 5]) {
      expect(() => emitter.on('news', listener as never)).toThrow(TypeError);
    }
  });

  it('is the only emitter of the packages: another would drop what async listeners reject with', () => {
    const packages = join(import.meta.dirname, '../../..');
    const sources = readdirSync(packages).flatMap((name) =>
      readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/\.(test|testkit)\.ts$/.test(file))
        .map((file) => join(packages, name, 'src', file)),
    );
    expect(sources.length).toBeGreaterThan(300);
    const own = /observe.(emitter|event-emitter\.(node|web))\.ts$/;
    const others = sources.filter(
      (file) =>
        !own.test(file) &&
        /extends (Node)?EventEmitter|new EventEmitter|from '(eventemitter3|#event-emitter)'/.test(
          readFileSync(file, 'utf8'),
        ),
    );
    expect(others).toEqual([]);
  });
});
