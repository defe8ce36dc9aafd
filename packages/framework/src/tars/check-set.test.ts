import { ResultCode, StatusKey } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { client, destroyClients } from '../raw-client.testkit.js';
import { isSetAllowed } from './check-set.js';
import { ask, greet, startTars, stopTars } from './tars-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopTars();
});

describe('isSetAllowed', () => {
  it.each([
    ['app.sz.1', 'app.sz.1', true],
    ['app.sz.1', 'app.sz.2', true],
    ['app.sz.1', 'app.sh.1', false],
    ['app.sz.1', 'other.sh.1', true],
    ['app.sz.1', '', false],
  ])('of a server of %s and a caller of %s: %s', (own, caller, isAllowed) => {
    expect(isSetAllowed(own, caller)).toBe(isAllowed);
  });
});

describe('a server with checkset', () => {
  const named = (set: string) =>
    greet('ann', { iMessageType: 0x80, status: new Map([[StatusKey.SETNAME_VALUE, set]]) });

  it('answers -11 to callers of another area, and serves the others, and those that name no set', async () => {
    const { port } = await startTars({}, {}, { checkset: true, client: { enableset: 'y', setdivision: 'app.sz.1' } });
    const peer = await client(port);
    expect(await ask(peer, named('app.sz.9'))).toMatchObject({ iRet: 0 });
    expect(await ask(peer, greet('ann'))).toMatchObject({ iRet: 0 });
    expect(await ask(peer, named('app.sh.1'))).toMatchObject({
      iRet: ResultCode.TARSINVOKEBYINVALIDESET,
      sResultDesc: 'a caller of the set app.sh.1 is not let in here',
    });
    expect(await ask(peer, greet('ann', { iMessageType: 0x80 }))).toMatchObject({ iRet: -11 });
  });
});
