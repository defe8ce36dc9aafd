import { type Current, TarsException } from '@tarsier/framework';
import { Colour, Everything, type PeerEchoResult, Point } from './generated/Peer.js';
import { News, Peer } from './generated/PeerServant.js';

/** All fields at values that need care, as `sample` of the programs in other languages. */
export function sample(): Everything {
  const point = Point.create({ x: 3 });
  return Everything.create({
    flag: true,
    i8: -128,
    i16: -32_768,
    i32: -2_147_483_648,
    i64: -(2n ** 63n),
    u8: 255,
    u16: 65_535,
    u32: 4_294_967_295,
    f32: 1.5,
    f64: -0.1,
    text: `grüß dich 日本 ${'x'.repeat(300)}`,
    blob: Uint8Array.of(0, 255, 127, 128),
    ints: [0, 1, -1, 70_000],
    texts: ['', 'a', 'b'.repeat(256)],
    counts: new Map([
      ['one', 1],
      ['two', 2],
    ]),
    byId: new Map([[-5, [point, point]]]),
    colour: Colour.BLUE,
    origin: Point.create({ label: '' }),
    path: Array.from({ length: 100 }, () => point),
  });
}

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
