/** A typed service from an IDL and from decorated classes, called by clients of both kinds: `npm run hello`. */
import { proxyOf } from '@tarsier/code-first';
import { TarsException } from '@tarsier/framework';
import { Communicator } from '@tarsier/proxy';
import { HelloProxy } from './generated/Hello.js';
import { HelloContract } from './hello-contract.js';
import { CODE_FIRST_OBJECT, HelloServer, helloConfig, IDL_OBJECT } from './hello-server.js';

/** What both kinds of proxies can do. */
type HelloClient = Pick<HelloProxy, 'hello' | 'add' | 'notes' | 'fail'>;

const app = new HelloServer();
await app.main(helloConfig(0, 0));
const communicator = new Communicator();
let failures = 0;

function show(what: string, found: unknown, expected: unknown): void {
  const text = JSON.stringify(found, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  const isRight = text === JSON.stringify(expected);
  if (!isRight) failures++;
  console.log(`${isRight ? '✓' : '✗'} ${what}: ${text}`);
}

/** Calls everything once. */
async function callAll(title: string, prx: HelloClient): Promise<void> {
  console.log(`\n${title}`);
  const responseContext = new Map<string, string>();
  const { _ret, greeting } = await prx.hello('world', { context: { language: 'fr' }, responseContext });
  show(
    'a struct as out parameter',
    [_ret, greeting],
    [11, { text: 'hello world', mood: 1, words: ['hello', 'world'] }],
  );
  show('a context, there and back', [...responseContext], [['answered-in', 'fr']]);
  show('64 bits', await prx.add(9_007_199_254_740_993n, 1n), '9007199254740994n');
  const error: unknown = await prx.fail(42, 'as it was asked to').catch((caught: unknown) => caught);
  show('an error with its code', TarsException.is(error) && error.iRet, 42);
}

const object = (name: string): string => `${name}@${app.getBindAdapter(name)?.getEndpoint().toString() ?? ''}`;
const [idlObject, codeFirstObject] = [object(IDL_OBJECT), object(CODE_FIRST_OBJECT)];

try {
  const idl = communicator.stringToProxy(HelloProxy, idlObject);
  await callAll('server from the IDL, client from the IDL', idl);
  // With null nobody waits for an answer; requests of one connection come in order, so the next call sees it.
  idl.noteAsync(null, 'a note');
  show('a one-way call has arrived', await idl.notes(), ['a note']);

  const codeFirst = communicator.stringToProxy(proxyOf(HelloContract), codeFirstObject);
  await callAll('server from classes, client from classes', codeFirst);
  await codeFirst.note('another note');
  show('a call without a result', await codeFirst.notes(), ['another note']);

  await callAll('server from classes, client from the IDL', communicator.stringToProxy(HelloProxy, codeFirstObject));
  await callAll(
    'server from the IDL, client from classes',
    communicator.stringToProxy(proxyOf(HelloContract), idlObject),
  );
} finally {
  await communicator.terminate();
  await app.terminate();
}
console.log(failures === 0 ? '\nall as expected' : `\n${failures} not as expected`);
process.exitCode = failures === 0 ? 0 : 1;
