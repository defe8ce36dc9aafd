// Made by tars2ts from Hello.tars. Change that file and not this one.
import { type Current, TarsServant } from '@tarsier/framework';
import { type ByteVector, encodePush, type PushOptions, type TarsInterface } from '@tarsier/protocol';
import type { Base_Status } from './Base.js';
import {
  EmptyInterface,
  type Everything,
  type HelloAFunctionWithManyParametersResult,
  type HelloAllResult,
  HelloInterface,
  type HelloOutsOnlyResult,
  type HelloTestHelloResult,
  helloFunctions,
} from './Hello.js';

// The base class has methods of these names already: those of the interface end with an underscore.
const HelloInterfaceMethods: TarsInterface = {
  name: HelloInterface.name,
  functions: new Map([...HelloInterface.functions, ['destroy', { ...helloFunctions.destroy, name: 'destroy_' }]]),
};

/** Serves `TestApp.Hello`: derive from it, and implement its functions. */
export abstract class Hello extends TarsServant {
  override readonly tarsInterface: TarsInterface = HelloInterfaceMethods;

  /** Says hello. */
  abstract testHello(sReq: string, current: Current): HelloTestHelloResult | Promise<HelloTestHelloResult>;

  /** `void noop()` */
  abstract noop(current: Current): void | Promise<void>;

  /** `string echo(string text)` */
  abstract echo(text: string, current: Current): string | Promise<string>;

  /** `void outsOnly(out int count, out vector<Map> maps)` */
  abstract outsOnly(current: Current): HelloOutsOnlyResult | Promise<HelloOutsOnlyResult>;

  /** `Everything all(Everything value, routekey string uid, map<string, Status> states, out Key best)` */
  abstract all(
    value: Everything,
    uid: string,
    states: Map<string, Base_Status>,
    current: Current,
  ): HelloAllResult | Promise<HelloAllResult>;

  /** `vector<byte> bytes(vector<byte> current, bool options, long class)` */
  abstract bytes(
    current: Uint8Array,
    options: boolean,
    class_: bigint,
    current_: Current,
  ): Uint8Array | Promise<Uint8Array>;

  /** `Status destroy(Status callback)` */
  abstract destroy_(callback: Base_Status, current: Current): Base_Status | Promise<Base_Status>;

  /**
   * `long aFunctionWithManyParameters(int theFirstParameter, int theSecondParameter, int theThirdParameter, int theFourthParameter, out vector<map<int, string>> theOutParameter)`
   */
  abstract aFunctionWithManyParameters(
    theFirstParameter: number,
    theSecondParameter: number,
    theThirdParameter: number,
    theFourthParameter: number,
    current: Current,
  ): HelloAFunctionWithManyParametersResult | Promise<HelloAFunctionWithManyParametersResult>;

  /** `void push(string message)` */
  abstract push(message: string, current: Current): void | Promise<void>;

  /** `bool close()` */
  abstract close(current: Current): boolean | Promise<boolean>;

  /** Answers `testHello` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseTestHello(current: Current, result: HelloTestHelloResult): boolean {
    return Hello.asyncResponse(current, helloFunctions.testHello, result);
  }

  /** Pushes what `testHello` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushTestHello(
    current: Current,
    result: HelloTestHelloResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.testHello, result, context);
  }

  /** A push of what `testHello` gives as a packet, to be sent to many. */
  static encodePushTestHello(result: HelloTestHelloResult, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.testHello, result, options);
  }

  /** Answers `noop` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseNoop(current: Current): boolean {
    return Hello.asyncResponse(current, helloFunctions.noop, undefined);
  }

  /** Pushes what `noop` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushNoop(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.noop, undefined, context);
  }

  /** A push of what `noop` gives as a packet, to be sent to many. */
  static encodePushNoop(options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.noop, undefined, options);
  }

  /** Answers `echo` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseEcho(current: Current, result: string): boolean {
    return Hello.asyncResponse(current, helloFunctions.echo, result);
  }

  /** Pushes what `echo` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushEcho(current: Current, result: string, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.echo, result, context);
  }

  /** A push of what `echo` gives as a packet, to be sent to many. */
  static encodePushEcho(result: string, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.echo, result, options);
  }

  /** Answers `outsOnly` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseOutsOnly(current: Current, result: HelloOutsOnlyResult): boolean {
    return Hello.asyncResponse(current, helloFunctions.outsOnly, result);
  }

  /** Pushes what `outsOnly` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushOutsOnly(
    current: Current,
    result: HelloOutsOnlyResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.outsOnly, result, context);
  }

  /** A push of what `outsOnly` gives as a packet, to be sent to many. */
  static encodePushOutsOnly(result: HelloOutsOnlyResult, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.outsOnly, result, options);
  }

  /** Answers `all` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseAll(current: Current, result: HelloAllResult): boolean {
    return Hello.asyncResponse(current, helloFunctions.all, result);
  }

  /** Pushes what `all` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushAll(
    current: Current,
    result: HelloAllResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.all, result, context);
  }

  /** A push of what `all` gives as a packet, to be sent to many. */
  static encodePushAll(result: HelloAllResult, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.all, result, options);
  }

  /** Answers `bytes` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseBytes(current: Current, result: Uint8Array): boolean {
    return Hello.asyncResponse(current, helloFunctions.bytes, result);
  }

  /** Pushes what `bytes` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushBytes(current: Current, result: Uint8Array, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.bytes, result, context);
  }

  /** A push of what `bytes` gives as a packet, to be sent to many. */
  static encodePushBytes(result: Uint8Array, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.bytes, result, options);
  }

  /** Answers `destroy` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseDestroy(current: Current, result: Base_Status): boolean {
    return Hello.asyncResponse(current, helloFunctions.destroy, result);
  }

  /** Pushes what `destroy` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushDestroy(
    current: Current,
    result: Base_Status,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.destroy, result, context);
  }

  /** A push of what `destroy` gives as a packet, to be sent to many. */
  static encodePushDestroy(result: Base_Status, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.destroy, result, options);
  }

  /** Answers `aFunctionWithManyParameters` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseAFunctionWithManyParameters(
    current: Current,
    result: HelloAFunctionWithManyParametersResult,
  ): boolean {
    return Hello.asyncResponse(current, helloFunctions.aFunctionWithManyParameters, result);
  }

  /** Pushes what `aFunctionWithManyParameters` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushAFunctionWithManyParameters(
    current: Current,
    result: HelloAFunctionWithManyParametersResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.aFunctionWithManyParameters, result, context);
  }

  /** A push of what `aFunctionWithManyParameters` gives as a packet, to be sent to many. */
  static encodePushAFunctionWithManyParameters(
    result: HelloAFunctionWithManyParametersResult,
    options?: PushOptions,
  ): ByteVector {
    return encodePush(helloFunctions.aFunctionWithManyParameters, result, options);
  }

  /** Answers `push` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponsePush_(current: Current): boolean {
    return Hello.asyncResponse(current, helloFunctions.push, undefined);
  }

  /** Pushes what `push` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushPush(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.push, undefined, context);
  }

  /** A push of what `push` gives as a packet, to be sent to many. */
  static encodePushPush(options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.push, undefined, options);
  }

  /** Answers `close` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseClose(current: Current, result: boolean): boolean {
    return Hello.asyncResponse(current, helloFunctions.close, result);
  }

  /** Pushes what `close` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushClose(current: Current, result: boolean, context?: ReadonlyMap<string, string>): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.close, result, context);
  }

  /** A push of what `close` gives as a packet, to be sent to many. */
  static encodePushClose(result: boolean, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.close, result, options);
  }
}

/** Serves `TestApp.Empty`: derive from it, and implement its functions. */
export abstract class Empty extends TarsServant {
  override readonly tarsInterface: TarsInterface = EmptyInterface;
}
