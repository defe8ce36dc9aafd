import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndpointParseException } from '../errors/exceptions.js';
import { Endpoint } from './endpoint.js';
import type { EndpointInit, EndpointType } from './endpoint-fields.js';
import { parseObjectString } from './object-name.js';

const int32 = fc.nat(2_147_483_647);

const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
  fc.constantFrom('tcp', 'my-tcp', 'tcp.example.com', 'a.udp', 'ssl', 'ws', '::', '::1', 'fe80::1%eth0', '*', '/tmp/a'),
);

function init(type: fc.Arbitrary<EndpointType>, more: fc.Arbitrary<Partial<EndpointInit>>): fc.Arbitrary<EndpointInit> {
  const fields = fc.record(
    {
      type,
      host,
      port: fc.nat(65_535),
      timeoutMs: int32,
      grid: int32,
      qos: int32,
      weight: fc.integer({ min: -1, max: 200 }),
      weightType: fc.nat(2),
      authType: fc.nat(1),
      rank: fc.nat(65_535),
    },
    { requiredKeys: ['type', 'host', 'port'] },
  );
  return fc.tuple(fields, more).map(([rest, more]) => ({ ...rest, ...more }));
}

// A path that ends like `:tcp` is refused, as endpoint.test.ts shows.
const path = fc
  .webPath()
  .map((rest) => `/${rest}`)
  .filter((text) => !/:(tcp|udp|ssl|wss?)$/.test(text));

const name = fc.oneof(fc.domain(), fc.constantFrom('localhost', '_push._tcp.example.com', 'tcp', 'bücher.example'));
const named = fc.record({ serverName: name }, { requiredKeys: [] });
const lookup = fc.oneof(
  fc.record({ host: name, port: fc.integer({ min: 1, max: 65_535 }), discovery: fc.constant('dns' as const) }),
  fc.record({ host: name, port: fc.constant(0), discovery: fc.constant('srv' as const) }),
);

const endpoint = fc
  .tuple(
    fc.oneof(
      init(fc.constantFrom('tcp', 'udp'), fc.constant({})),
      init(fc.constantFrom('ssl'), named),
      init(
        fc.constantFrom('ws', 'wss'),
        fc.tuple(named, fc.record({ path })).map(([one, other]) => ({ ...one, ...other })),
      ),
    ),
    fc.option(lookup),
  )
  .map(([fields, lookup]) => Endpoint.of({ ...fields, ...lookup }));

const pieces = fc.constantFrom(
  'tcp',
  'udp',
  'ssl',
  'ws',
  ' ',
  ' ',
  '\t',
  ':',
  '-h',
  '-p',
  '-t',
  '-u',
  '-w',
  '-z',
  '-d',
  '-n',
  '-r',
  'dns',
  'srv',
  '::1',
  'a',
  '80',
  '99999',
  '/x',
  '@',
  '#',
  '*',
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
  fc.array(pieces, { maxLength: 30 }).map((all) => all.join(' ')),
);

/** The value, or the exception if it is of the kind that is allowed. */
function outcome<Value>(run: () => Value): Value | EndpointParseException {
  try {
    return run();
  } catch (error) {
    if (error instanceof EndpointParseException) return error;
    throw error;
  }
}

describe('endpoint strings', () => {
  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(endpoint, (one) => {
        expect(Endpoint.parse(one.toString())).toEqual(one);
      }),
    );
  });

  it('are found again in a list, whatever their hosts', () => {
    const separator = fc.constantFrom(':', ' : ', ': ', ' :', '\t:\n');
    fc.assert(
      fc.property(fc.array(endpoint, { minLength: 1, maxLength: 6 }), separator, (all, separator) => {
        const joined = all.join(separator);
        expect(Endpoint.parseList(joined).map(String)).toEqual(all.map(String));
        expect(parseObjectString(`App.Server.Obj@${joined}`).endpoints.map(String)).toEqual(all.map(String));
      }),
    );
  });

  it('are found again in a list when the host comes last', () => {
    fc.assert(
      fc.property(fc.array(endpoint, { minLength: 2, maxLength: 6 }), fc.constantFrom(':', ' : '), (all, separator) => {
        const joined = all.map((one) => `tcp -p ${one.port} -h ${one.host}`).join(separator);
        expect(Endpoint.parseList(joined).map((one) => one.host)).toEqual(all.map((one) => one.host));
      }),
    );
  });

  it('give an endpoint or an exception with an offset, nothing else', () => {
    let good = 0;
    fc.assert(
      fc.property(text, (text) => {
        for (const result of [
          outcome(() => Endpoint.parse(text)),
          outcome(() => Endpoint.parseList(text)),
          outcome(() => parseObjectString(text)),
        ]) {
          if (result instanceof EndpointParseException) {
            expect(result.where.offset).toBeGreaterThanOrEqual(0);
            expect(result.where.offset).toBeLessThanOrEqual(text.length);
          } else good++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(good).toBeGreaterThan(0);
  });
});
