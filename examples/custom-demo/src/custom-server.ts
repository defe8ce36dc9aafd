import { Application } from '@tarsier/framework';
import { CustomServantImp } from './custom-servant-imp.js';

/** The server of the CustomDemo. */
export class CustomServer extends Application {
  override initialize(): void {
    this.addServant(CustomServantImp);
  }
}
