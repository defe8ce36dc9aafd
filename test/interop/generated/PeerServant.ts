// Made by tars2ts from Peer.tars. Change that file and not this one.
import { type Current, TarsServant } from '@tarsier/framework';
import { type ByteVector, encodePush, type PushOptions, type TarsInterface } from '@tarsier/protocol';
import {
  AdminInterface,
  adminFunctions,
  type Everything,
  NewsInterface,
  type NewsPushedResult,
  newsFunctions,
  type PeerEchoResult,
  PeerInterface,
  peerFunctions,
} from './Peer.js';

/** Serves `Interop.Peer`: derive from it, and implement its functions. */
export abstract class Peer extends TarsServant {
  override readonly tarsInterface: TarsInterface = PeerInterface;

  /** Both are what came. */
  abstract echo(value: Everything, current: Current): PeerEchoResult | Promise<PeerEchoResult>;

  /** `long add(long a, long b)` */
  abstract add(a: bigint, b: bigint, current: Current): bigint | Promise<bigint>;

  /** One-way: what was noted is told by `notes`. */
  abstract note(text: string, current: Current): void | Promise<void>;

  /** `vector<string> notes()` */
  abstract notes(current: Current): string[] | Promise<string[]>;

  /** Answers with the context of the request as its result, and `answered` = `yes` as the context of the answer. */
  abstract contexts(current: Current): Map<string, string> | Promise<Map<string, string>>;

  /** Fails: by an exception with code 0, by this code otherwise. */
  abstract fail(code: number, why: string, current: Current): void | Promise<void>;

  /** Answers after that many milliseconds; never below 0. */
  abstract later(ms: number, current: Current): number | Promise<number>;

  /** The port at which it was called. */
  abstract port(current: Current): number | Promise<number>;

  /** The caller gets so many pushes. */
  abstract subscribe(count: number, current: Current): void | Promise<void>;

  /** Answers `echo` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseEcho(current: Current, result: PeerEchoResult): boolean {
    return Peer.asyncResponse(current, peerFunctions.echo, result);
  }

  /** Pushes what `echo` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushEcho(
    current: Current,
    result: PeerEchoResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.echo, result, context);
  }

  /** A push of what `echo` gives as a packet, to be sent to many. */
  static encodePushEcho(result: PeerEchoResult, options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.echo, result, options);
  }

  /** Answers `add` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseAdd(current: Current, result: bigint): boolean {
    return Peer.asyncResponse(current, peerFunctions.add, result);
  }

  /** Pushes what `add` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushAdd(current: Current, result: bigint, context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.add, result, context);
  }

  /** A push of what `add` gives as a packet, to be sent to many. */
  static encodePushAdd(result: bigint, options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.add, result, options);
  }

  /** Answers `note` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseNote(current: Current): boolean {
    return Peer.asyncResponse(current, peerFunctions.note, undefined);
  }

  /** Pushes what `note` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushNote(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.note, undefined, context);
  }

  /** A push of what `note` gives as a packet, to be sent to many. */
  static encodePushNote(options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.note, undefined, options);
  }

  /** Answers `notes` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseNotes(current: Current, result: string[]): boolean {
    return Peer.asyncResponse(current, peerFunctions.notes, result);
  }

  /** Pushes what `notes` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushNotes(current: Current, result: string[], context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.notes, result, context);
  }

  /** A push of what `notes` gives as a packet, to be sent to many. */
  static encodePushNotes(result: string[], options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.notes, result, options);
  }

  /** Answers `contexts` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseContexts(current: Current, result: Map<string, string>): boolean {
    return Peer.asyncResponse(current, peerFunctions.contexts, result);
  }

  /** Pushes what `contexts` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushContexts(
    current: Current,
    result: Map<string, string>,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.contexts, result, context);
  }

  /** A push of what `contexts` gives as a packet, to be sent to many. */
  static encodePushContexts(result: Map<string, string>, options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.contexts, result, options);
  }

  /** Answers `fail` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseFail(current: Current): boolean {
    return Peer.asyncResponse(current, peerFunctions.fail, undefined);
  }

  /** Pushes what `fail` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushFail(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.fail, undefined, context);
  }

  /** A push of what `fail` gives as a packet, to be sent to many. */
  static encodePushFail(options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.fail, undefined, options);
  }

  /** Answers `later` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseLater(current: Current, result: number): boolean {
    return Peer.asyncResponse(current, peerFunctions.later, result);
  }

  /** Pushes what `later` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushLater(current: Current, result: number, context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.later, result, context);
  }

  /** A push of what `later` gives as a packet, to be sent to many. */
  static encodePushLater(result: number, options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.later, result, options);
  }

  /** Answers `port` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponsePort(current: Current, result: number): boolean {
    return Peer.asyncResponse(current, peerFunctions.port, result);
  }

  /** Pushes what `port` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushPort(current: Current, result: number, context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.port, result, context);
  }

  /** A push of what `port` gives as a packet, to be sent to many. */
  static encodePushPort(result: number, options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.port, result, options);
  }

  /** Answers `subscribe` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseSubscribe(current: Current): boolean {
    return Peer.asyncResponse(current, peerFunctions.subscribe, undefined);
  }

  /** Pushes what `subscribe` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushSubscribe(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Peer.asyncResponsePush(current, peerFunctions.subscribe, undefined, context);
  }

  /** A push of what `subscribe` gives as a packet, to be sent to many. */
  static encodePushSubscribe(options?: PushOptions): ByteVector {
    return encodePush(peerFunctions.subscribe, undefined, options);
  }
}

/**
 * What every server of TARS has at its administration port.
 *
 * Serves `Interop.Admin`: derive from it, and implement its functions.
 */
export abstract class Admin extends TarsServant {
  override readonly tarsInterface: TarsInterface = AdminInterface;

  /** `void shutdown()` */
  abstract shutdown(current: Current): void | Promise<void>;

  /** `string notify(string command)` */
  abstract notify(command: string, current: Current): string | Promise<string>;

  /** Answers `shutdown` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseShutdown(current: Current): boolean {
    return Admin.asyncResponse(current, adminFunctions.shutdown, undefined);
  }

  /** Pushes what `shutdown` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushShutdown(current: Current, context?: ReadonlyMap<string, string>): boolean {
    return Admin.asyncResponsePush(current, adminFunctions.shutdown, undefined, context);
  }

  /** A push of what `shutdown` gives as a packet, to be sent to many. */
  static encodePushShutdown(options?: PushOptions): ByteVector {
    return encodePush(adminFunctions.shutdown, undefined, options);
  }

  /** Answers `notify` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseNotify(current: Current, result: string): boolean {
    return Admin.asyncResponse(current, adminFunctions.notify, result);
  }

  /** Pushes what `notify` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushNotify(current: Current, result: string, context?: ReadonlyMap<string, string>): boolean {
    return Admin.asyncResponsePush(current, adminFunctions.notify, result, context);
  }

  /** A push of what `notify` gives as a packet, to be sent to many. */
  static encodePushNotify(result: string, options?: PushOptions): ByteVector {
    return encodePush(adminFunctions.notify, result, options);
  }
}

/**
 * What a caller is pushed: by names, as answers to nothing.
 *
 * Serves `Interop.News`: derive from it, and implement its functions.
 */
export abstract class News extends TarsServant {
  override readonly tarsInterface: TarsInterface = NewsInterface;

  /** `int pushed(out int number, out Everything value)` */
  abstract pushed(current: Current): NewsPushedResult | Promise<NewsPushedResult>;

  /** Answers `pushed` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponsePushed(current: Current, result: NewsPushedResult): boolean {
    return News.asyncResponse(current, newsFunctions.pushed, result);
  }

  /** Pushes what `pushed` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushPushed(
    current: Current,
    result: NewsPushedResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return News.asyncResponsePush(current, newsFunctions.pushed, result, context);
  }

  /** A push of what `pushed` gives as a packet, to be sent to many. */
  static encodePushPushed(result: NewsPushedResult, options?: PushOptions): ByteVector {
    return encodePush(newsFunctions.pushed, result, options);
  }
}
