import { structType } from '@tarsier/code-first';
import { type ServantMethods, servantOf } from '@tarsier/code-first/servant';
import { type Current, TarsException } from '@tarsier/framework';
import { Greeting, HelloContract, Mood } from './hello-contract.js';

const greetings = structType(Greeting);

/** The service as its contract says; what it does is the same. */
export class HelloCodeFirstImp extends servantOf(HelloContract) implements ServantMethods<HelloContract> {
  readonly #notes: string[] = [];

  hello(name: string, current: Current): { _ret: number; greeting: Greeting } {
    const text = `hello ${name}`;
    const language = current.getContext().get('language') ?? 'en';
    current.setResponseContext(new Map([['answered-in', language]]));
    return { _ret: text.length, greeting: greetings.create({ text, mood: Mood.CHEERFUL, words: text.split(' ') }) };
  }

  add(a: bigint, b: bigint): bigint {
    return a + b;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  notes(): string[] {
    return this.#notes;
  }

  fail(code: number, why: string): void {
    throw new TarsException(why, { iRet: code });
  }
}
