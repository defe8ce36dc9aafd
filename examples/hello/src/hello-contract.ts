import { out, struct, TarsField, TarsInterface, TarsMethod, TarsStruct, tarsEnum } from '@tarsier/code-first';
import { tars } from '@tarsier/protocol';

/** The same service without an IDL: the same bytes, so that each of the two clients calls each of the two servers. */
export const Mood = { CALM: 0, CHEERFUL: 1 } as const;
export type Mood = (typeof Mood)[keyof typeof Mood];
const mood = tarsEnum('Demo.Mood', Mood);

@TarsStruct('Demo.Greeting')
export class Greeting {
  @TarsField(0, tars.string, { require: true }) text = '';
  @TarsField(1, mood) mood: Mood = Mood.CALM;
  @TarsField(2, tars.list(tars.string)) words: string[] = [];
}

@TarsInterface('Demo.Hello')
export abstract class HelloContract {
  @TarsMethod({ returns: tars.int, params: { name: tars.string, greeting: out(struct(Greeting)) } })
  hello!: (name: string) => Promise<{ _ret: number; greeting: Greeting }>;

  @TarsMethod({ returns: tars.long, params: { a: tars.long, b: tars.long } })
  add!: (a: bigint, b: bigint) => Promise<bigint>;

  @TarsMethod({ params: { text: tars.string } })
  note!: (text: string) => Promise<void>;

  @TarsMethod({ returns: tars.list(tars.string) })
  notes!: () => Promise<string[]>;

  @TarsMethod({ params: { code: tars.int, why: tars.string } })
  fail!: (code: number, why: string) => Promise<void>;
}
