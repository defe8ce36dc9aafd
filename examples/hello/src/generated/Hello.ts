// Made by tars2ts from Hello.tars. Change that file and not this one.
import {
  type TarsException,
  type TarsFunction,
  type TarsInputStream,
  type TarsInterface,
  type TarsJson,
  type TarsOutputStream,
  tars,
  tarsFunction,
  tarsJsonField,
} from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy, TarsPrxCallback } from '@tarsier/proxy';

/** Enum `Demo.Mood`. */
export const Mood = {
  CALM: 0,
  CHEERFUL: 1,
} as const;

/** A value of `Demo.Mood`. A newer peer may send others. */
export type Mood = (typeof Mood)[keyof typeof Mood];

/** What one is greeted with. */
export class Greeting {
  static readonly typeName = 'Demo.Greeting';
  static readonly fieldNames = { 0: 'text', 1: 'mood', 2: 'words' };
  text = '';
  mood: Mood = Mood.CALM;
  /** The words of the text. */
  words: string[] = [];

  /** One with its defaults, and what is given. */
  static create(init: Partial<Greeting> = {}): Greeting {
    return Object.assign(new Greeting(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: Greeting): void {
    os.writeString(0, value.text);
    os.writeInt32(1, value.mood);
    if (value.words.length > 0) {
      os.writeListHead(2, value.words.length);
      for (const item of value.words) os.writeString(0, item);
    }
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): Greeting {
    const value = new Greeting();
    value.text = is.readString(0);
    value.mood = is.readInt32(1, Mood.CALM) as Mood;
    for (let left = is.readListSize(2, 0); left > 0; left--) value.words.push(is.readString(0));
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: Greeting): TarsJson {
    return {
      text: tars.string.toJson(value.text),
      mood: moodType.toJson(value.mood),
      words: listOfString.toJson(value.words),
    };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): Greeting {
    const value = new Greeting();
    value.text = tarsJsonField(json, 'text', tars.string);
    value.mood = tarsJsonField(json, 'mood', moodType, value.mood);
    value.words = tarsJsonField(json, 'words', listOfString, value.words);
    return value;
  }
}

const moodType = tars.enum<Mood>('Demo.Mood');
const listOfString = tars.list(tars.string);
const greetingType = tars.struct(Greeting);

/** What `hello` gives: its return value, and the out parameters. */
export interface HelloHelloResult {
  _ret: number;
  greeting: Greeting;
}

/** The functions of `Demo.Hello`, with their types. */
export interface HelloFunctions {
  readonly hello: TarsFunction<[name: string], HelloHelloResult>;
  readonly add: TarsFunction<[a: bigint, b: bigint], bigint>;
  readonly note: TarsFunction<[text: string], void>;
  readonly notes: TarsFunction<[], string[]>;
  readonly fail: TarsFunction<[code: number, why: string], void>;
}

/** The functions of `Demo.Hello`, as `encodePush` takes them. */
export const helloFunctions: HelloFunctions = {
  hello: tarsFunction('hello', tars.int, [
    { name: 'name', type: tars.string },
    { name: 'greeting', type: greetingType, isOut: true },
  ]),
  add: tarsFunction('add', tars.long, [
    { name: 'a', type: tars.long },
    { name: 'b', type: tars.long },
  ]),
  note: tarsFunction('note', undefined, [{ name: 'text', type: tars.string }]),
  notes: tarsFunction('notes', listOfString, []),
  fail: tarsFunction('fail', undefined, [
    { name: 'code', type: tars.int },
    { name: 'why', type: tars.string },
  ]),
};

/** Interface `Demo.Hello`. */
export const HelloInterface: TarsInterface = {
  name: 'Demo.Hello',
  functions: new Map(Object.entries(helloFunctions)),
};

/** Calls `Demo.Hello`: `communicator.stringToProxy(HelloProxy, …)` makes one. */
export class HelloProxy extends TarsProxy {
  /** Greets somebody; the result is the length of the text. */
  hello(name: string, options?: TarsCallOptions): Promise<HelloHelloResult> {
    return this.invoke(helloFunctions.hello, [name], options);
  }

  /** As `hello`, for a callback; with null the call is one-way. */
  helloAsync(callback: HelloPrxCallback | null, name: string, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.hello, [name], callback, options);
  }

  /** Adds in 64 bits. */
  add(a: bigint, b: bigint, options?: TarsCallOptions): Promise<bigint> {
    return this.invoke(helloFunctions.add, [a, b], options);
  }

  /** As `add`, for a callback; with null the call is one-way. */
  addAsync(callback: HelloPrxCallback | null, a: bigint, b: bigint, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.add, [a, b], callback, options);
  }

  /** Is noted down; wants no answer. */
  note(text: string, options?: TarsCallOptions): Promise<void> {
    return this.invoke(helloFunctions.note, [text], options);
  }

  /** As `note`, for a callback; with null the call is one-way. */
  noteAsync(callback: HelloPrxCallback | null, text: string, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.note, [text], callback, options);
  }

  /** What was noted down. */
  notes(options?: TarsCallOptions): Promise<string[]> {
    return this.invoke(helloFunctions.notes, [], options);
  }

  /** As `notes`, for a callback; with null the call is one-way. */
  notesAsync(callback: HelloPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.notes, [], callback, options);
  }

  /** Always fails, with the code that it is given. */
  fail(code: number, why: string, options?: TarsCallOptions): Promise<void> {
    return this.invoke(helloFunctions.fail, [code, why], options);
  }

  /** As `fail`, for a callback; with null the call is one-way. */
  failAsync(callback: HelloPrxCallback | null, code: number, why: string, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.fail, [code, why], callback, options);
  }
}

/** As in C++. */
export const HelloPrx: typeof HelloProxy = HelloProxy;

/** As in C++. */
export type HelloPrx = HelloProxy;

/** Takes results and pushes of `Demo.Hello`: derive from it, and implement the methods for what comes. */
export class HelloPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return HelloInterface;
  }

  /** Takes the result of `hello`. */
  callbackHello?(_ret: number, greeting: Greeting): void | Promise<void>;

  /** `hello` has failed. */
  callbackHelloException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `add`. */
  callbackAdd?(_ret: bigint): void | Promise<void>;

  /** `add` has failed. */
  callbackAddException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `note`. */
  callbackNote?(): void | Promise<void>;

  /** `note` has failed. */
  callbackNoteException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `notes`. */
  callbackNotes?(_ret: string[]): void | Promise<void>;

  /** `notes` has failed. */
  callbackNotesException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `fail`. */
  callbackFail?(): void | Promise<void>;

  /** `fail` has failed. */
  callbackFailException?(iRet: number, error: TarsException): void | Promise<void>;
}
