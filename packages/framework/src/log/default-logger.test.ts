import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultLogger } from './default-logger.js';

function without(...missing: string[]): (id: string) => unknown {
  return (id) => {
    if (missing.includes(id))
      throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
    throw new Error(`${id} is broken`);
  };
}

describe('defaultLogger', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('writes JSON lines where pino is missing', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    defaultLogger(without('pino')).warn('half a packet', { uid: 7 });
    expect(write).toHaveBeenCalledOnce();
    const line = JSON.parse(String(write.mock.calls[0]?.[0])) as object;
    expect(line).toMatchObject({ level: 'warn', uid: 7, msg: 'half a packet', pid: process.pid });
  });

  it('does not hide that pino cannot be loaded', () => {
    expect(() => defaultLogger(without())).toThrow('pino is broken');
  });
});
