import { describe, expect, it } from 'vitest';
import { peerPackage } from './peer-package.js';

describe('an optional package', () => {
  it('that is missing is named, with what to do', async () => {
    const missing = peerPackage('@redis/client', () => Promise.reject(new Error('Cannot find package')));
    await expect(missing).rejects.toMatchObject({
      code: 'TARSIER_PUSH_ENGINE',
      message: expect.stringContaining('npm i @redis/client'),
    });
    expect(await peerPackage('here', () => Promise.resolve(1))).toBe(1);
  });
});
