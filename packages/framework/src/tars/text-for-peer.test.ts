import { readFileSync } from 'node:fs';
import {
  ByteVector,
  encodeArgs,
  ProtocolVersion,
  TarsDecodeException,
  TarsEncodeException,
  TarsException,
} from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { LogLevel, setLogger, setLogLevel } from '../log/log.js';
import { client, destroyClients } from '../raw-client.testkit.js';
import { Servant } from '../servant.js';
import {
  ask,
  greet,
  type HelloBehaviour,
  HelloServant,
  hello,
  request,
  startTars,
  stopTars,
} from './tars-server.testkit.js';

afterEach(async () => {
  setLogger(undefined);
  setLogLevel(LogLevel.NONE);
  destroyClients();
  await stopTars();
});

const SECRET = /secret|hunter2|ENOENT|10\.0\.0\.5|Field/;

/** What programs throw without a thought for who reads it. */
const thrown: Readonly<Record<string, () => unknown>> = {
  'a file that is not there': () => readFileSync('/nowhere/secret/password.txt'),
  'a database that refuses': () => {
    throw new Error('connect ECONNREFUSED postgres://app:hunter2@10.0.0.5:5432/prod');
  },
  'a slip of the program': () => (undefined as unknown as { secretField: { secret: number } }).secretField.secret,
  'a text': () => {
    throw 'secret'; // oxlint-disable-line no-throw-literal, only-throw-error
  },
  'bytes of others that do not decode': () => {
    throw new TarsDecodeException('byte 1 of secret');
  },
  'a value that does not encode': () => {
    throw new TarsEncodeException('the secret is no number');
  },
  'an exception without a result': () => {
    throw new TarsException('the secret', { code: 'TARSIER_CONNECT_FAILED' });
  },
  'the answer of another server': () => {
    const where = { object: 'T.S.Db', requestId: 7, endpoint: 'tcp -h 10.0.0.5 -p 1' };
    throw new TarsException('T.S.Db was answered with result 5: secret', { iRet: 5, where });
  },
};

/** The ways on which a failure becomes an answer. */
const ways: Readonly<Record<string, (fail: () => unknown) => HelloBehaviour>> = {
  'thrown at once': (fail) => ({ hello: fail }),
  'rejected later': (fail) => ({ hello: () => Promise.resolve().then(fail) }),
  'thrown after setResponse(false)': (fail) => ({
    hello: (_name, current) => {
      current.setResponse(false);
      return fail();
    },
  }),
  'thrown by doNoFunc': (fail) => ({ doNoFunc: () => fail() as number }),
  'thrown by doNoServant': (fail) => ({ doNoServant: () => fail() as number }),
  'given by asyncResponse': (fail) => ({
    hello: (_name, current) => {
      current.setResponse(false);
      const result = { toString: fail } as unknown as string;
      HelloServant.asyncResponseHello(
        current,
        new Proxy(result as unknown as object, { get: fail }) as unknown as string,
      );
      return '';
    },
  }),
};

const versions = {
  TARS: ProtocolVersion.TARSVERSION,
  TUP: ProtocolVersion.TUPVERSION,
  JSON: ProtocolVersion.JSONVERSION,
} as const;

function packetFor(way: string, iVersion: number): Uint8Array {
  if (way === 'thrown by doNoFunc') return request({ sFuncName: 'unknown', iVersion });
  if (way === 'thrown by doNoServant') return request({ sServantName: 'T.S.Other', sFuncName: 'hello', iVersion });
  return request({ sFuncName: 'hello', iVersion, sBuffer: new ByteVector(encodeArgs(hello, ['ann'], iVersion)) });
}

describe.each(Object.entries(thrown))('%s', (_what, fail) => {
  describe.each(Object.entries(ways))('%s', (way, behaviour) => {
    it.each(Object.entries(versions))(
      'stays here, and is found in the log by what the caller of %s gets',
      async (_name, iVersion) => {
        const { port } = await startTars(behaviour(fail));
        const lines: object[] = [];
        const ignore = (): void => undefined;
        setLogger({ debug: ignore, info: ignore, warn: ignore, error: (_message, fields = {}) => lines.push(fields) });
        setLogLevel(LogLevel.ERROR);
        const peer = await client(port);
        peer.send(packetFor(way, iVersion));
        const head = await peer.take(4);
        const bytes = await peer.take(head.readUInt32BE() - 4);
        // Wherever it might stand.
        expect(bytes.toString('latin1')).not.toMatch(SECRET);
        const [, reference] = /\(reference ([0-9a-z]{8})\)/.exec(bytes.toString('latin1')) ?? [];
        expect(lines).toMatchObject([{ reference }]);
        expect(reference).toBeTypeOf('string');
      },
    );
  });
});

describe('a text that was thrown for the caller', () => {
  it.each([
    ['with a result of its own', () => new TarsException('no money', { iRet: 1001 }), 'no money'],
    ['with a result of TARS', () => new TarsException('no grid', { iRet: -5 }), 'no grid'],
    ['without a text', () => new TarsException('', { iRet: 7 }), ''],
  ])('reaches it: %s', async (_what, make, sResultDesc) => {
    const { port } = await startTars({
      hello: () => {
        throw make();
      },
    });
    expect(await ask(await client(port), greet('ann'))).toMatchObject({ sResultDesc });
  });

  it('is every text with exceptiontexts', async () => {
    const fail = thrown['a database that refuses'] as () => unknown;
    const { port } = await startTars({ hello: fail }, { exceptiontexts: true });
    expect((await ask(await client(port), greet('ann'))).sResultDesc).toMatch(/^connect ECONNREFUSED postgres/);
  });
});

it('names no reference where the line was held back', async () => {
  class Failing extends Servant {
    override onDispatch(): number {
      throw new Error('secret');
    }
  }
  const { port } = await startTars(Failing);
  const peer = await client(port);
  const texts: string[] = [];
  for (let n = 0; n < 12; n++) texts.push((await ask(peer, request({ sFuncName: 'f' }))).sResultDesc);
  expect(texts[0]).toMatch(/reference/);
  expect(texts.at(-1)).toBe('the server failed to serve this request');
});
