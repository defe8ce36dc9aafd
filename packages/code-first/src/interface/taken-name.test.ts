import { TarsException, tars } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { TarsMethod } from './tars-method.js';

const names = ['then', 'catch', 'finally', 'toJSON', ...Object.getOwnPropertyNames(Object.prototype)];

describe('functions with names that JavaScript uses itself', () => {
  it.each(names)('%s cannot be declared', (name) => {
    class Contract {
      readonly version = 1;
    }
    const declare = () => TarsMethod({ returns: tars.int })(Contract.prototype as never, name as never);
    expect(declare).toThrow(TarsException);
    expect(declare).toThrow(name);
  });

  it('others can', () => {
    class Contract {
      readonly version = 1;
    }
    expect(() => TarsMethod({ returns: tars.int })(Contract.prototype as never, 'thenable' as never)).not.toThrow();
  });
});
