import { tars } from '@tarsier/protocol';
import { out, routeKey, struct, TarsField, TarsInterface, TarsMethod, TarsStruct, tarsEnum } from './index.js';

export const Level = { LOW: 1, HIGH: 2 } as const;
export type Level = (typeof Level)[keyof typeof Level];
export const level = tarsEnum('TestApp.Level', Level);

@TarsStruct({ name: 'TestApp.User', key: ['id'] })
export class User {
  @TarsField(0, tars.long, { require: true }) id = 0n;
  @TarsField(1, tars.string) name = 'nobody';
  @TarsField(2, level) level: Level = Level.LOW;
  @TarsField(3, () => tars.list(struct(User))) friends: User[] = [];
}

@TarsInterface('TestApp.Hello')
export abstract class Hello {
  @TarsMethod({ returns: tars.int, params: { sReq: tars.string, sRsp: out(tars.string) } })
  testHello!: (sReq: string) => Promise<{ _ret: number; sRsp: string }>;

  @TarsMethod({
    params: { known: out(tars.map(struct(User), tars.string)), user: struct(User), zone: routeKey(tars.string) },
  })
  remember!: (user: User, zone: string) => Promise<{ known: Map<User, string> }>;

  @TarsMethod({ returns: tars.int, params: { text: out(tars.string) } })
  pushMsg!: () => Promise<{ _ret: number; text: string }>;

  @TarsMethod({})
  nothing!: () => Promise<void>;
}
