// Made by tars2ts from Hello.tars. Change that file and not this one.
import { type Current, TarsServant } from '@tarsier/framework';
import { type ByteVector, encodePush, type PushOptions, type TarsInterface } from '@tarsier/protocol';
import { type HelloHelloResult, HelloInterface, helloFunctions } from './Hello.js';

/** Serves `Demo.Hello`: derive from it, and implement its functions. */
export abstract class Hello extends TarsServant {
  override readonly tarsInterface: TarsInterface = HelloInterface;

  /** Greets somebody; the result is the length of the text. */
  abstract hello(name: string, current: Current): HelloHelloResult | Promise<HelloHelloResult>;

  /** Adds in 64 bits. */
  abstract add(a: bigint, b: bigint, current: Current): bigint | Promise<bigint>;

  /** Is noted down; wants no answer. */
  abstract note(text: string, current: Current): void | Promise<void>;

  /** What was noted down. */
  abstract notes(current: Current): string[] | Promise<string[]>;

  /** Always fails, with the code that it is given. */
  abstract fail(code: number, why: string, current: Current): void | Promise<void>;

  /** Answers `hello` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseHello(current: Current, result: HelloHelloResult): boolean {
    return Hello.asyncResponse(current, helloFunctions.hello, result);
  }

  /** Pushes what `hello` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushHello(
    current: Current,
    result: HelloHelloResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.hello, result, context);
  }

  /** A push of what `hello` gives as a packet, to be sent to many. */
  static encodePushHello(result: HelloHelloResult, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.hello, result, options);
  }

  /** Answers `add` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseAdd(current: Current, result: bigint): boolean {
    return Hello.asyncResponse(current, helloFunctions.add, result);
  }

  /** Pushes what `add` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushAdd(current: Current, result: bigint, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.add, result, context);
  }

  /** A push of what `add` gives as a packet, to be sent to many. */
  static encodePushAdd(result: bigint, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.add, result, options);
  }

  /** Answers `note` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseNote(current: Current): boolean {
    return Hello.asyncResponse(current, helloFunctions.note, undefined);
  }

  /** Pushes what `note` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushNote(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.note, undefined, context);
  }

  /** A push of what `note` gives as a packet, to be sent to many. */
  static encodePushNote(options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.note, undefined, options);
  }

  /** Answers `notes` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseNotes(current: Current, result: string[]): boolean {
    return Hello.asyncResponse(current, helloFunctions.notes, result);
  }

  /** Pushes what `notes` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushNotes(current: Current, result: string[], context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.notes, result, context);
  }

  /** A push of what `notes` gives as a packet, to be sent to many. */
  static encodePushNotes(result: string[], options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.notes, result, options);
  }

  /** Answers `fail` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseFail(current: Current): boolean {
    return Hello.asyncResponse(current, helloFunctions.fail, undefined);
  }

  /** Pushes what `fail` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushFail(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.fail, undefined, context);
  }

  /** A push of what `fail` gives as a packet, to be sent to many. */
  static encodePushFail(options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.fail, undefined, options);
  }
}
