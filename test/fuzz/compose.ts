import type { Random } from '@tarsier/testing';
import { joined, pick } from './mutate.js';

const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

/** TARS values that are well formed, and mean harm: nested, wide, of the wrong type, with counts that lie. */
export function tarsValue(random: Random, tag = random.integer(0, 15), depth = 0): Uint8Array {
  const head = (type: number): Uint8Array =>
    tag < 15 ? Uint8Array.of((tag << 4) | type) : Uint8Array.of(0xf0 | type, random.integer(0, 255));
  const length = (): number => pick(random, [0, 1, 2, 100, 127]);
  const isDeep = depth > random.integer(0, 200);
  switch (isDeep ? random.integer(0, 6) : random.integer(0, 13)) {
    case 0:
      return joined(head(0), Uint8Array.of(random.integer(0, 255)));
    case 1:
      return joined(head(1), Uint8Array.of(0xff, random.integer(0, 255)));
    case 2:
      return joined(head(2), Uint8Array.of(0x80, 0, 0, random.integer(0, 255)));
    case 3:
      return joined(head(3), new Uint8Array(8).fill(random.integer(0, 255)));
    case 4:
      return joined(head(pick(random, [4, 5])), new Uint8Array(8).fill(random.integer(0, 255)));
    case 5: {
      const size = length();
      return joined(head(6), Uint8Array.of(size), new Uint8Array(size).fill(pick(random, [0x61, 0xff, 0xed])));
    }
    case 6:
      return head(12);
    case 7:
    case 8: {
      // A list or a map, whose count may lie.
      const isMap = random.isHit(0.5);
      const count = random.integer(0, 3);
      const said = random.isHit(0.8) ? count : length();
      const parts = Array.from({ length: isMap ? 2 * count : count }, (_, i) =>
        tarsValue(random, isMap ? i % 2 : 0, depth + 1),
      );
      return joined(head(isMap ? 8 : 9), Uint8Array.of(0x00, said), ...parts);
    }
    case 9: {
      const size = length();
      return joined(head(13), Uint8Array.of(0x00, 0x00, size), new Uint8Array(random.isHit(0.8) ? size : 3));
    }
    case 10: {
      // One struct in the other, with or without an end.
      const levels = pick(random, [1, 5, 60, 700]);
      const begin = Uint8Array.from({ length: levels }, () => 0x0a);
      return joined(begin, random.isHit(0.5) ? new Uint8Array(levels).fill(0x0b) : new Uint8Array());
    }
    default: {
      const fields = Array.from({ length: random.integer(0, 4) }, (_, i) => tarsValue(random, i, depth + 1));
      return joined(head(10), ...fields, Uint8Array.of(0x0b));
    }
  }
}

/** A packet of TARS with its length, whose fields are values of {@link tarsValue}, or what belongs there. */
export function tarsPacket(random: Random): Uint8Array {
  const fields = Array.from({ length: 11 }, (_, tag) =>
    random.isHit(0.4) ? tarsValue(random, tag) : Uint8Array.of((tag << 4) | (tag === 5 || tag === 6 ? 6 : 0), 1, 0x31),
  );
  const body = joined(...fields);
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, body.length + 4);
  return joined(head, body);
}

/** JSON that is nested, wide, or nearly JSON. */
export function json(random: Random, depth = 0): string {
  const isDeep = depth > random.integer(1, 60);
  switch (isDeep ? random.integer(0, 3) : random.integer(0, 7)) {
    case 0:
      return pick(random, ['0', '-0', '1e999', '9223372036854775808', '-1.5E-400', '01', '1'.repeat(400), '-']);
    case 1:
      return JSON.stringify(pick(random, ['', '\u2028', '__proto__', 'constructor', '\ud800', 'x'.repeat(300)]));
    case 2:
      return pick(random, ['null', 'true', 'false', 'nul', 'NaN', 'Infinity', '\\u0041', '"\\u12"']);
    case 3:
      return pick(random, ['[', ']', '{', '}', ',', ' '.repeat(1000), '\ufeff', '"']).repeat(random.integer(1, 300));
    case 4:
    case 5:
      return `[${Array.from({ length: random.integer(0, 5) }, () => json(random, depth + 1)).join(',')}]`;
    default: {
      const name = (): string => pick(random, ['a', '__proto__', 'toString', 'flag', 'i64', 'counts', 'path', 'a']);
      const members = Array.from({ length: random.integer(0, 5) }, () => `"${name()}":${json(random, depth + 1)}`);
      return `{${members.join(random.isHit(0.05) ? ',,' : ', ')}}`;
    }
  }
}

const METHODS = ['GET', 'POST', 'get', 'CONNECT', 'HTTP/1.1', 'G'.repeat(2000)];
const FIELDS = [
  'Host: x',
  'Host: x\r\nHost: y',
  'Content-Length: 3',
  'Content-Length: 3, 3',
  'Content-Length: +3',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chun\u00e2\u0084\u00aaed',
  'Transfer-Encoding: gzip, chunked, chunked',
  'Connection: close',
  'Expect: 100-continue',
  ' folded',
  'X:',
  ': x',
  `X:${' '.repeat(20_000)}y`,
  'X: \u0000',
  'Upgrade: websocket',
];

/** A message of HTTP of parts that do not fit together. */
export function http(random: Random): Uint8Array {
  const isAnswer = random.isHit(0.4);
  const start = isAnswer
    ? `HTTP/${pick(random, ['1.1', '1.0', '2', '9.9', ''])} ${pick(random, ['200', '100', '204', '304', '99', '1000'])} ok`
    : `${pick(random, METHODS)} ${pick(random, ['/', '*', 'http://x/', '//', 'x y', '/'.repeat(9000)])} HTTP/1.1`;
  const fields = Array.from({ length: random.integer(0, 6) }, () => pick(random, FIELDS));
  const end = (): string => (random.isHit(0.95) ? '\r\n' : pick(random, ['\n', '\r', '\r\r\n', '']));
  const chunks = Array.from({ length: random.integer(0, 4) }, () =>
    pick(random, [
      '3\r\nabc\r\n',
      '0\r\n\r\n',
      'ffffffffffffffff\r\n',
      '3;x=y\r\nabc\r\n',
      '-1\r\n',
      '0\r\nX: y\r\n\r\n',
      'abc',
    ]),
  );
  return text([start, ...fields].map((line) => line + end()).join('') + end() + chunks.join(''));
}

/** Lines and brackets of a configuration of TARS. */
export function config(random: Random): string {
  const line = (): string =>
    pick(random, [
      '<tars>',
      '<application>',
      '<server>',
      '</server>',
      '</application>',
      '</tars>',
      '<a/b>',
      '</>',
      '<Adapter>',
      '</Adapter>',
      'app=A',
      'server = S',
      'endpoint=tcp -h 127.0.0.1 -p 0',
      'endpoint=ws -h ::1 -p 99999 -t 1e9',
      'maxconns=4294967296',
      'queuecap=-1',
      'loglevel=WHAT',
      'deactivating-timeout=1e400',
      'allow=10.0.0.0/8;1.*.*.*;::/129',
      'servant=A.B.CObj',
      'protocol=not_tars',
      '# c',
      '=',
      '\\u2028=\\x',
      `k=${' '.repeat(5000)}`,
    ]);
  return Array.from({ length: random.integer(1, 25) }, line).join(pick(random, ['\n', '\r\n', '\r']));
}

/** Declarations of an IDL that nearly fit together. */
export function idl(random: Random): string {
  const type = (depth: number): string =>
    depth > 6
      ? pick(random, ['int', 'bool', 'Nope', 'S0', 'unsigned', 'unsigned byte', 'string'])
      : pick(random, ['int', 'S0', 'S1', `vector<${type(depth + 1)}>`, `map<${type(depth + 1)}, ${type(depth + 1)}>`]);
  const member = (tag: number): string =>
    `${pick(random, [String(tag), '0', '255', '-1', '1e3'])} ${pick(random, ['require', 'optional', ''])} ${type(0)} ${pick(random, ['a', 'b', 'toString', 'then', '__proto__', 'int'])}${pick(random, ['', ' = 1', ' = "x"', ' = 99999999999999999999'])};`;
  const part = (i: number): string =>
    pick(random, [
      `struct S${i % 2} { ${[0, 1, 2].map(member).join(' ')} };`,
      `enum E${i} { A, B = ${pick(random, ['1', '-1', '4294967296', 'A'])}, };`,
      `const ${type(5)} C${i} = ${pick(random, ['1', '"\\x"', '0x', 'true'])};`,
      `interface I${i} { ${type(0)} f(${type(0)} a, out ${type(0)} b); void then(); };`,
      'key[S0, a];',
      '#include "main.tars"',
      '/* open',
      '{'.repeat(random.integer(1, 50)),
      '// \u2028',
    ]);
  const parts = Array.from({ length: random.integer(1, 8) }, (_, i) => part(i));
  return `module M { ${parts.join('\n')} };`;
}

/** Endpoints with flags in any order, of any value. */
export function endpoint(random: Random): string {
  const flag = (): string =>
    pick(random, ['-h', '-p', '-t', '-w', '-v', '-e', '-g', '-s', '-n', '-u', '-d', '-z', '-']) +
    pick(random, [' ', '', '   ']) +
    pick(random, [
      '127.0.0.1',
      '::1',
      '[::1]',
      '*',
      '0',
      '65536',
      '-1',
      '1e9',
      'a.b',
      '/x',
      'dns',
      'srv',
      '',
      'x'.repeat(300),
    ]);
  const one = (): string =>
    `${pick(random, ['tcp', 'ssl', 'ws', 'wss', 'udp', 'tcpx', ''])} ${Array.from({ length: random.integer(0, 6) }, flag).join(' ')}`;
  const list = Array.from({ length: random.integer(1, 3) }, one).join(':');
  return random.isHit(0.6) ? `A.B.CObj${pick(random, ['@', '#1@', '%A.a.1@', ' @'])}${list}` : list;
}
