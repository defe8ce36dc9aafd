import { type Current, TarsException } from '@tarsier/framework';
import { Everything, type PeerEchoResult } from './generated/Peer.js';
import { News, Peer } from './generated/PeerServant.js';

/** The peer in TypeScript; the programs in other languages do the same. */
export class PeerImp extends Peer {
  static readonly noted: string[] = [];

  override echo(value: Everything): PeerEchoResult {
    return { _ret: value, copy: value };
  }

  override add(a: bigint, b: bigint): bigint {
    return BigInt.asIntN(64, a + b);
  }

  override note(text: string): void {
    PeerImp.noted.push(text);
  }

  override notes(): string[] {
    return PeerImp.noted;
  }

  override contexts(current: Current): Map<string, string> {
    current.setResponseContext(new Map([['answered', 'yes']]));
    return new Map(current.getContext());
  }

  override fail(code: number, why: string): void {
    if (code === 0) throw new Error(why);
    throw new TarsException(why, { iRet: code });
  }

  override later(ms: number, current: Current): number {
    current.setResponse(false);
    if (ms >= 0) setTimeout(() => Peer.asyncResponseLater(current, ms), ms);
    return 0;
  }

  override port(current: Current): number {
    return current.getBindAdapter().getEndpoint().port;
  }

  override subscribe(count: number, current: Current): void {
    for (let number = 1; number <= count; number++) {
      const value = Everything.create({ text: `push ${number}`, i64: BigInt(-number) });
      News.asyncResponsePushPushed(current, { _ret: 0, number, value });
    }
  }
}
