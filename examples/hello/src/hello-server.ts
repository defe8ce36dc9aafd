import { Application, type ApplicationConfig } from '@tarsier/framework';
import { HelloCodeFirstImp } from './hello-code-first-imp.js';
import { HelloImp } from './hello-imp.js';

/** The object of the service that was made from the IDL, and of the other. */
export const IDL_OBJECT = 'Demo.HelloServer.HelloObj';
export const CODE_FIRST_OBJECT = 'Demo.HelloServer.HelloCodeFirstObj';

/** Serves both. Without a parser an adapter speaks TARS. */
export class HelloServer extends Application {
  override initialize(): void {
    this.addServant(HelloImp, IDL_OBJECT);
    this.addServant(HelloCodeFirstImp, CODE_FIRST_OBJECT);
  }
}

/** What the server needs to know; ports that the system chooses when they are 0. */
export function helloConfig(port: number, codeFirstPort: number): ApplicationConfig {
  const adapter = (servant: string, at: number) => ({
    servant,
    endpoint: `tcp -h 127.0.0.1 -p ${at} -t 60000`,
    protocol: 'tars',
  });
  return {
    app: 'Demo',
    server: 'HelloServer',
    loglevel: 'WARN',
    adapters: { HelloAdapter: adapter(IDL_OBJECT, port), CodeFirstAdapter: adapter(CODE_FIRST_OBJECT, codeFirstPort) },
  };
}
