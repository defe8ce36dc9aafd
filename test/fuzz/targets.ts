import {
  ByteVector,
  binaryLength,
  decodeArgs,
  decodeRequest,
  decodeResponse,
  decodeResult,
  decodeStruct,
  decodeUtf8,
  delimiter,
  Endpoint,
  encodeArgs,
  encodeRequest,
  encodeResponse,
  encodeResult,
  encodeStruct,
  exceptionFromResult,
  httpFraming,
  lengthField,
  NetWorkBuffer,
  type PacketParser,
  PacketType,
  type ProxyProtocol,
  parseBinary1,
  parseBinary2,
  parseBinary4,
  parseEcho,
  parseHttp,
  parseObjectString,
  parseTarsJson,
  RequestPacket,
  ResponsePacket,
  TarsConfig,
  TarsException,
  TarsInputStream,
  tars,
  tarsFunction,
  tarsJsonField,
  tarsParser,
  tarsProtocol,
} from '@tarsier/protocol';
import { pushFrames } from '@tarsier/servant-push';
import { tryCompile } from '@tarsier/tars2ts';
import { AccessList } from '../../packages/framework/src/adapter/access-list.js';
import { splitCommand } from '../../packages/framework/src/admin/admin-commands.js';
import { checkKeys } from '../../packages/framework/src/config/check-keys.js';
import { readAdapterConfigs } from '../../packages/framework/src/config/read-adapters.js';
import { readServerInfo } from '../../packages/framework/src/config/read-server.js';
import { parseAuthority } from '../../packages/framework/src/transport/authority.js';
import { HostList } from '../../packages/framework/src/transport/host-list.js';
import { OriginList } from '../../packages/framework/src/transport/origin-list.js';
import { requestTarget } from '../../packages/framework/src/transport/request-target.js';
import { asOrder, asReport } from '../../packages/framework/src/workers/worker-messages.js';
import { All, Point } from '../../packages/protocol/src/tars/vec.testkit.js';
import { textOf } from '../../packages/servant-push/src/cluster/address-token.js';
import { decodePush } from '../../packages/servant-push/src/cluster/push-record.js';
import { brokerParser, decodeMessage, encodeMessage } from '../../packages/servant-push/src/local/broker-messages.js';
import { config, endpoint, http, idl, json, tarsPacket, tarsValue } from './compose.js';
import type { FuzzTarget } from './run-fuzz.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textIn = (data: Uint8Array): string => Buffer.from(data).toString('utf8');
const isTars = (error: unknown): boolean => TarsException.is(error);
const never = (): boolean => false;

/** Reads a stream as a connection does: in two pieces, packet by packet, to its end. */
function parseAll(parser: PacketParser, stream: Uint8Array, use: (packet: ByteVector) => void = () => {}): void {
  const input = new NetWorkBuffer();
  const middle = stream.length >> 1;
  for (const piece of [stream.subarray(0, middle), stream.subarray(middle)]) {
    if (piece.length > 0) input.addBuffer(piece);
    while (!input.empty()) {
      const before = input.getBufferLength();
      const output = new ByteVector();
      const type = parser(input, output);
      if (type === PacketType.PACKET_LESS) break;
      if (type !== PacketType.PACKET_FULL) return;
      if (input.getBufferLength() >= before) throw new Error('a packet was reported, and no byte was taken');
      use(output);
    }
  }
}

/** The client's half as a parser. */
function responses(protocol: ProxyProtocol, use: (response: ResponsePacket) => void = () => {}): PacketParser {
  return (input) => {
    const response = new ResponsePacket();
    const type = protocol.responseFunc(input, response);
    if (type === PacketType.PACKET_FULL) use(response);
    return type;
  };
}

type Rest = Partial<Omit<FuzzTarget, 'name' | 'read'>>;

function target(name: string, read: (data: Uint8Array) => void, rest: Rest = {}): FuzzTarget {
  return { name, read, covers: [], samples: [bytes('x')], isTyped: isTars, ...rest };
}

function framing(name: string, parser: PacketParser, rest: Rest): FuzzTarget {
  return target(name, (stream) => parseAll(parser, stream), rest);
}

const everything = tarsFunction<unknown[], unknown>('f', tars.struct(All), [
  { name: 'a', type: tars.struct(All) },
  { name: 'b', type: tars.map(tars.int, tars.list(tars.struct(Point))) },
  { name: 'c', type: tars.map(tars.long, tars.map(tars.string, tars.list(tars.list(tars.unsignedByte)))) },
]);
const args = [All.create({ text: 'x', counts: new Map([['a', 1]]) }), new Map(), new Map()];
const versions = [1, 2, 3, 5] as const;

function request(version: number): Uint8Array {
  const packet = new RequestPacket();
  packet.iVersion = version;
  packet.sServantName = 'A.B.CObj';
  packet.sFuncName = 'f';
  packet.sBuffer = new ByteVector(encodeArgs(everything, args, version));
  return encodeRequest(packet).data().slice();
}

function response(version: number): Uint8Array {
  const packet = new ResponsePacket();
  packet.iVersion = version;
  packet.iRequestId = 1;
  packet.sBuffer = new ByteVector(new Uint8Array(3));
  return encodeResponse(packet).data().slice();
}

const HTTP = 'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
const HTTP_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc';
const httpWords = ['\r\n', '\r\n\r\n', ': ', 'chunked', '0\r\n\r\n', 'HTTP/1.1', '\t', ' ', 'Content-Length: '];
const http1 = httpFraming();
const push = pushFrames();
const numbered = lengthField({ bytes: 4, includesHeader: true, max: 65_536, requestId: { offset: 4, bytes: 4 } });
const CONFIG = [
  '<tars>\n<application>\n<server>\napp=A\nserver=S\n<A>\nendpoint=tcp -h 127.0.0.1 -p 0 -t 60000\n',
  'servant=A.S.OObj\nprotocol=not_tars\n</A>\n</server>\n</application>\n</tars>\n',
].join('');
const IDL =
  'module M { struct S0 { 0 require int a = 1; 1 optional map<string, vector<int>> b; }; interface I { int f(S0 a, out S0 b); }; };';

/** What a client makes of an answer that is none. */
function failure(answer: ResponsePacket): void {
  void exceptionFromResult(answer.iRet, answer.sResultDesc).message;
}

/** Bytes that a client may send to a server with sessions. */
function sessionPackets(): Uint8Array[] {
  const { calls } = push.session;
  const all = [
    calls.open(true),
    calls.resume('s', 'e', 5, 1, true),
    calls.ack(9),
    calls.subscribe('g'),
    calls.unsubscribe('g'),
  ];
  return all.map(({ func, body }) => {
    const packet = new RequestPacket();
    packet.iRequestId = 7;
    packet.sFuncName = func;
    packet.sBuffer = new ByteVector(body);
    return new ByteVector(push.proxyProtocol.requestFunc(packet, {} as never)).data().slice();
  });
}

/**
 * Everything that reads what others wrote. A reader that is exported and stands neither here nor among those that read nothing
 * fails the test of this table.
 */
export const targets: readonly FuzzTarget[] = [
  framing('lengthField', numbered, { covers: ['lengthField'], samples: [numbered.encode('hello', 1)] }),
  framing('lengthField little-endian', lengthField({ bytes: 2, order: 'little', includesHeader: false, max: 60_000 }), {
    samples: [Uint8Array.of(3, 0, 1, 2, 3)],
  }),
  ...(
    [
      ['binaryLength 1', binaryLength(1), 1],
      ['parseBinary1', parseBinary1, 1],
      ['parseBinary2', parseBinary2, 2],
      ['parseBinary4', parseBinary4, 4],
    ] as const
  ).map(([name, parser, size]) =>
    framing(name, parser, {
      covers: [name.split(' ', 1)[0] ?? ''],
      samples: [Uint8Array.from({ length: size + 4 }, (_, i) => (i === size - 1 ? size + 4 : 1)).fill(0, 0, size - 1)],
    }),
  ),
  framing('delimiter', delimiter('\r\n'), {
    covers: ['delimiter'],
    samples: [bytes('a\r\nb\r\n')],
    words: ['\r', '\r\n'],
  }),
  framing('parseEcho', parseEcho, { covers: ['parseEcho'] }),
  framing('parseHttp', parseHttp, { covers: ['parseHttp'], samples: [bytes(HTTP)], words: httpWords, compose: http }),
  framing('httpFraming', http1, { covers: ['httpFraming'], samples: [bytes(HTTP)], words: httpWords, compose: http }),
  framing('httpFraming, answers', responses(http1.proxyProtocol), {
    samples: [bytes(HTTP_ANSWER)],
    words: httpWords,
    compose: http,
  }),
  framing('lengthField, answers', responses(numbered.proxyProtocol), { samples: [numbered.encode('hello', 1)] }),
  target('tarsParser and decodeRequest', (stream) => parseAll(tarsParser, stream, (packet) => decodeRequest(packet)), {
    covers: ['tarsParser', 'decodeRequest'],
    samples: versions.map(request),
    compose: tarsPacket,
  }),
  framing('tarsProtocol, answers', responses(tarsProtocol, failure), {
    covers: ['tarsProtocol', 'decodeResponse', 'exceptionFromResult'],
    samples: versions.map(response),
    compose: tarsPacket,
  }),
  target('decodeResponse', (data) => decodeResponse(new ByteVector(data), new ResponsePacket()), {
    samples: versions.map((version) => response(version).slice(4)),
    compose: tarsValue,
  }),
  ...versions.map((version) =>
    target(`arguments of version ${version}`, (data) => decodeArgs(everything, new ByteVector(data), version), {
      covers: ['decodeArgs'],
      samples: [encodeArgs(everything, args, version)],
      compose: (random) => (version === 5 ? json(random) : tarsValue(random, random.integer(0, 4))),
    }),
  ),
  ...versions.map((version) =>
    target(`results of version ${version}`, (data) => decodeResult(everything, new ByteVector(data), version), {
      covers: ['decodeResult'],
      samples: [encodeResult(everything, args[0], version)],
      compose: (random) => (version === 5 ? json(random) : tarsValue(random, random.integer(0, 4))),
    }),
  ),
  target('decodeStruct', (data) => decodeStruct(All, data), {
    covers: ['decodeStruct'],
    samples: [encodeStruct(All, All.create({ text: 'x', blob: new Uint8Array(9) }))],
    compose: tarsValue,
  }),
  target(
    'TarsInputStream that skips',
    (data) => {
      const stream = new TarsInputStream(new ByteVector(data));
      stream.readInt32(255, 0);
    },
    { covers: ['TarsInputStream'], samples: [encodeStruct(All, new All())], compose: tarsValue },
  ),
  target('parseTarsJson', (data) => void tarsJsonField(parseTarsJson(textIn(data)), 'a', tars.struct(All), new All()), {
    covers: ['parseTarsJson', 'tarsJsonField'],
    samples: [bytes('{"a":{"flag":true,"i64":9223372036854775807,"counts":{"a":1},"path":[{}]}}')],
    words: ['{', '}', '[', ']', '"', '\\u0000', '\\', ',', ':', 'null', '1e5', '\u2028'],
    compose: json,
  }),
  target('decodeUtf8', (data) => void decodeUtf8(data), {
    covers: ['decodeUtf8'],
    samples: [bytes('grüße €')],
    isTyped: never,
  }),
  target('Endpoint', (data) => void Endpoint.parseList(textIn(data)), {
    covers: ['Endpoint'],
    samples: [bytes('tcp -h 127.0.0.1 -p 80 -t 3000:ws -h ::1 -p 1 -u /x')],
    words: [' -h ', ' -p ', ':', 'tcp', ' ', '*'],
    compose: endpoint,
  }),
  target('parseObjectString', (data) => void parseObjectString(textIn(data)), {
    covers: ['parseObjectString'],
    samples: [bytes('A.B.CObj@tcp -h 127.0.0.1 -p 80')],
    words: ['@', '#', '%', '.', ' '],
    compose: endpoint,
  }),
  target(
    'TarsConfig and the keys of servers',
    (data) => {
      const read = TarsConfig.parse(textIn(data));
      checkKeys(read);
      readAdapterConfigs(read, readServerInfo(read, ''));
    },
    {
      covers: ['TarsConfig'],
      samples: [bytes(CONFIG)],
      words: ['<', '>', '</', '=', '\n', '#', '\\', 'maxconns=', 'allow='],
      compose: config,
    },
  ),
  target(
    'tars2ts',
    (data) =>
      void tryCompile(['/main.tars'], {
        cwd: '/',
        readFile: (path) => (path === '/main.tars' ? textIn(data) : undefined),
      }),
    {
      // Of the one who compiles: 262,144 semicolons are as many problems, each with its line.
      limitMs: 3000,
      samples: [bytes(IDL)],
      words: ['struct', 'module', '{', '}', ';', '<', '>', 'vector', '"', '/*', '//', '#include', 'const', 'enum'],
      compose: idl,
      isTyped: never,
    },
  ),
  target('addresses', (data) => void new AccessList(textIn(data), '', 'allow,deny').isAllowed('10.1.2.3'), {
    // What reads the configuration makes an exception with file and line of it.
    isTyped: (error) => error instanceof RangeError && error.message.endsWith('is none of these'),
    samples: [bytes('10.0.0.0/8;::1;1.2.*.*')],
    words: ['/', '*', '.', ':', '::ffff:', ';'],
  }),
  target(
    'targets, hosts and origins of a handshake',
    (data) => {
      const text = Buffer.from(data).toString('latin1');
      const half = text.length >> 1;
      const authority = parseAuthority(text);
      requestTarget({
        url: text.slice(0, half),
        rawHeaders: ['Host', text.slice(half)],
        httpVersionMajor: 1,
        httpVersionMinor: 1,
      });
      if (authority !== undefined) new HostList(['*.example.com', '[::1]']).serves(authority);
      void new OriginList([text, 'https://*.example.com']);
    },
    {
      samples: [bytes('http://x.example.com:80/a?b=c'), bytes('[::1]:443')],
      words: ['http://', '@', ':', '[', ']', '/'],
      isTyped: never,
    },
  ),
  target('commands of administration', (data) => void splitCommand(textIn(data)), {
    samples: [bytes('tars.help  a b')],
    isTyped: never,
  }),
  target(
    'pushFrames of a server',
    (stream) =>
      parseAll(push.parser, stream, (packet) => {
        push.hub.session?.read({ getRequestVector: () => packet } as never);
        push.request({ getRequestVector: () => packet });
      }),
    { covers: ['pushFrames'], samples: sessionPackets() },
  ),
  framing(
    'pushFrames of a client',
    responses(push.proxyProtocol, (news) => void push.session.read(news)),
    {
      samples: [
        push.hub.encode({ topic: 't', payload: bytes('p'), sequence: 1, delivery: 'reliable', key: '', id: '' }),
        push.hub.encode({ topic: 't', payload: bytes('p'), sequence: 1, delivery: 'reliable', key: '', id: 'i' }),
      ].map((frame) => new ByteVector(frame).data().slice()),
    },
  ),
  target('records of Redis and NATS', (data) => void decodePush(data), {
    samples: [bytes('\0\0\0\x19{"n":"a","i":1,"a":"all"}x')],
  }),
  target('names in NATS', (data) => void textOf(textIn(data)), { samples: [bytes('group=20x')], isTyped: never }),
  target(
    'messages of the broker',
    (stream) => parseAll(brokerParser, stream, (packet) => void decodeMessage(packet.data())),
    {
      samples: [encodeMessage({ op: 'listen', channel: 'c' }), encodeMessage({ op: 'hello', id: 1, node: 'n' })],
    },
  ),
  target(
    'messages of workers',
    (data) => {
      let message: unknown = textIn(data);
      try {
        message = JSON.parse(message as string);
      } catch {
        // Node.js hands out nothing else than JSON.
      }
      asOrder(message);
      asReport(message);
    },
    { samples: [bytes('{"tarsier":"ask","id":1,"question":"stats"}')], compose: json, isTyped: never },
  ),
];
