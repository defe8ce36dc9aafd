import { type Current, TarsException } from '@tarsier/framework';
import { Greeting, type HelloHelloResult, Mood } from './generated/Hello.js';
import { Hello } from './generated/HelloServant.js';

/** The service as it comes from `Hello.tars`: the compiler says which methods there are. */
export class HelloImp extends Hello {
  readonly #notes: string[] = [];

  override hello(name: string, current: Current): HelloHelloResult {
    const text = `hello ${name}`;
    // Data that is none of the arguments travels in the context, both ways.
    const language = current.getContext().get('language') ?? 'en';
    current.setResponseContext(new Map([['answered-in', language]]));
    const greeting = Greeting.create({ text, mood: Mood.CHEERFUL, words: text.split(' ') });
    return { _ret: text.length, greeting };
  }

  override add(a: bigint, b: bigint): bigint {
    return a + b;
  }

  override note(text: string): void {
    this.#notes.push(text);
  }

  override async notes(): Promise<string[]> {
    return this.#notes;
  }

  override fail(code: number, why: string): void {
    throw new TarsException(why, { iRet: code });
  }
}
