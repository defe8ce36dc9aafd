import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pushMessage } from './backplane.contract.testkit.js';
import { decodePush, encodePush } from './push-record.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const delivery = fc.constantFrom('reliable' as const, 'latest' as const, 'volatile' as const);

describe('a push between nodes', () => {
  it('comes as it was sent', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        delivery,
        fc.uint8Array(),
        fc.nat(),
        (address, topic, key, how, payload, number) => {
          const where = number % 2 === 0 ? undefined : { role: ['a', 3, true] };
          const message = pushMessage(address, '', { topic, key, delivery: how, payload, where });
          const { payload: got, ...record } = decodePush(encodePush('n1', number, message));
          expect(record).toEqual({ node: 'n1', number, address, topic, key, delivery: how, where });
          expect(Buffer.compare(got, payload)).toBe(0);
        },
      ),
    );
  });

  it('that is none is refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(() => decodePush(bytes)).toThrow(/is no push/);
      }),
    );
  });
});
