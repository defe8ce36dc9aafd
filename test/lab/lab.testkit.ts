import type { Application, ApplicationConfig, ServantProxy, TarsException } from '@tarsier/framework';
import { type Lab, type LabOptions, lab } from '@tarsier/testing';
import { afterEach } from 'vitest';
import type { AdapterSection } from '../../packages/framework/src/config/application-config.js';
import { type Behaviour, framing, TestServant } from '../../packages/framework/src/test-server.testkit.js';
import { idProtocol } from '../../packages/proxy/src/call/id-protocol.testkit.js';

export const AT = 'tcp -h a -p 1';
const OBJ = 'T.S.Obj';

const open = new Set<Lab>();

/** The end of each test checks that nothing is left open. */
export function endLabs(): void {
  afterEach(async () => {
    const labs = [...open];
    open.clear();
    for (const one of labs) await one.end();
  });
}

export function newLab(options: LabOptions = {}): Lab {
  const made = lab(options);
  open.add(made);
  return made;
}

/** A server at {@link AT} that echoes, unless a behaviour says otherwise. */
export function serve(
  here: Lab,
  behaviour: Behaviour = {},
  adapter: Partial<AdapterSection> = {},
  config: ApplicationConfig = {},
): Promise<Application> {
  const section = { servant: OBJ, endpoint: `${AT} -t 0`, protocol: 'not_tars', maxconns: 10_000, ...adapter };
  return here.application({ app: 'T', server: 'S', ...config, adapters: { ObjAdapter: section } }, (app) => {
    app.addServant(TestServant, OBJ, behaviour);
    app.addServantProtocol(OBJ, framing);
  });
}

export function proxyOf(here: Lab, properties: Record<string, number> = {}): ServantProxy {
  const proxy = here.communicator({ timeoutcheckinterval: 1, ...properties }).stringToProxy(`${OBJ}@${AT}`);
  proxy.setProtocol(idProtocol);
  return proxy;
}

/** One call, without letting time pass; its outcome as text: the body, or the code of the error. */
export function call(proxy: ServantProxy, body: string, timeoutMs = 3000): Promise<string> {
  return proxy.rpcCall(proxy.genRequestId(), 'echo', Buffer.from(body), { timeoutMs }).then(
    (response) => response.sBuffer.toString(),
    (error: TarsException) => error.code,
  );
}
