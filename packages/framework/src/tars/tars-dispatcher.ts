import { ByteVector, cutText, decodeRequest, ResultCode, TarsDecodeException } from '@tarsier/protocol';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import { serverChannels, traceRequest } from '../observe/server-channels.js';
import type { ResponseOptions } from '../response-options.js';
import type { Servant } from '../servant.js';
import { resultOfError } from './result-of-error.js';
import { TarsCurrent } from './tars-current.js';
import { textForPeer } from './text-for-peer.js';

/** What every server answers by itself. */
const PING = 'tars_ping';
/** Characters of a name that messages repeat. */
const MAX_NAME = 100;

/**
 * Of adapters that speak TARS: every request that wants one gets an answer, whatever becomes of it.
 *
 * Source: ServantHandle::handleTarsProtocol, handleTimeout, handleOverload (servant/libservant/ServantHandle.cpp).
 */
export const tarsDispatcher: Dispatcher = {
  answersByOrder: false,
  requestOf: (peer, packet, received) =>
    new TarsCurrent(peer, decodeRequest(packet, peer.adapter.config.decodeLimits), received),
  currentOf: (peer, received) => TarsCurrent.ofPeer(peer, received),
  handle: (servant, current, response) => handle(servant, current as TarsCurrent, response),
  refuse: (_servant, current) => {
    const description = 'the server is overloaded: too many requests are in progress';
    answerNow(current as TarsCurrent, ResultCode.TARSSERVEROVERLOAD, description);
  },
  waitLimitMs: (current) => (current as TarsCurrent).getTimeoutMs(),
  tooLate: (current) => {
    answerNow(current as TarsCurrent, ResultCode.TARSSERVERQUEUETIMEOUT, 'the request waited too long in the server');
  },
};

function answerNow(current: TarsCurrent, iRet: number, description: string): void {
  if (current.isOneWay) return;
  try {
    current.peer.send(current.answer(iRet, new ByteVector(), { description }), true);
  } catch (error) {
    // Names that are repeated in TUP may be too long for a packet.
    current.peer.handlerFailed(error);
  }
}

function handle(servant: Servant, current: TarsCurrent, response: ByteVector): HandlerResult {
  try {
    const result = dispatch(servant, current, response);
    if (typeof result === 'object') return settle(servant, current, response, result);
    finish(current, response, result);
  } catch (error) {
    fail(current, response, error);
  }
}

/** The result of a request: -3 has been asked about already, unless it comes later. */
function dispatch(servant: Servant, current: TarsCurrent, response: ByteVector): HandlerResult {
  const { sServantName, sFuncName, iVersion } = current.getBasePacket();
  const { tarsVersions } = current.getBindAdapter().config;
  if (tarsVersions?.has(iVersion) === false) throw versionRefused(iVersion, tarsVersions);
  if (sServantName !== current.getBindAdapter().getServantName()) return servant.doNoServant(current, response);
  if (sFuncName === PING) return ResultCode.TARSSERVERSUCCESS;
  const result = serverChannels.request.start.hasSubscribers
    ? traceRequest({ current, response }, () => servant.onDispatch(current, response))
    : servant.onDispatch(current, response);
  return result === ResultCode.TARSSERVERNOFUNCERR ? servant.doNoFunc(current, response) : result;
}

/** The caller is answered -1. */
function versionRefused(version: number, taken: ReadonlySet<number>): TarsDecodeException {
  const text = `requests of version ${version} are not taken here, but those of ${[...taken].join(', ')} (tarsversions)`;
  return new TarsDecodeException(text, { iRet: ResultCode.TARSSERVERDECODEERR });
}

async function settle(
  servant: Servant,
  current: TarsCurrent,
  response: ByteVector,
  later: Promise<number | void>,
): Promise<void> {
  try {
    let result = await later;
    if (result === ResultCode.TARSSERVERNOFUNCERR) result = await servant.doNoFunc(current, response);
    finish(current, response, result);
  } catch (error) {
    fail(current, response, error);
  }
}

/** Makes the body in `response` the whole answer. */
function finish(current: TarsCurrent, response: ByteVector, result: number | void): void {
  if (!current.isResponse()) return;
  if (current.isOneWay) {
    response.clear();
    return;
  }
  const iRet = result ?? ResultCode.TARSSERVERSUCCESS;
  if (iRet === 0 && current.takePacket(response)) return;
  response.assign(iRet === 0 ? current.answer(iRet, response) : current.answer(iRet, response, reason(current, iRet)));
}

/** Says in words what only the framework knows. */
function reason(current: TarsCurrent, iRet: number): ResponseOptions {
  if (iRet === ResultCode.TARSSERVERNOSERVANTERR) {
    const served = current.getBindAdapter().getServantName();
    return { description: `there is no servant ${short(current.getServantName())} here; this is ${served}` };
  }
  if (iRet === ResultCode.TARSSERVERNOFUNCERR) {
    return { description: `${current.getServantName()} has no function ${short(current.getFuncName())}` };
  }
  return {};
}

/** The caller has chosen it. */
function short(name: string): string {
  return name.length <= MAX_NAME ? name : `${cutText(name, MAX_NAME)}…`;
}

/** What was thrown becomes the answer. */
function fail(current: TarsCurrent, response: ByteVector, error: unknown): void {
  const iRet = resultOfError(error);
  // A result of the application is an answer like any other.
  const text = iRet > ResultCode.TARSSERVERSUCCESS ? textForPeer(error) : undefined;
  const description = text ?? current.peer.handlerFailed(error);
  response.clear();
  // It said that it would answer later, and then it threw: nobody else will.
  if (!current.isResponse() && !current.isAnswered) current.setResponse(true);
  if (!current.isResponse() || current.isOneWay) return;
  response.assign(current.answer(iRet, response, { description }));
}
