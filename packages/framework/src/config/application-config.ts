import type { ServantAdapterOptions } from '../servant-decorator.js';

/** The keys of one adapter section, by the names of the configuration file. */
export interface AdapterSection extends ServantAdapterOptions {
  /** Object name: `EchoObj`, or in full `App.Server.EchoObj`. */
  servant: string;
  endpoint: string;
  protocol?: string;
}

/** A configuration as an object: the keys of a configuration file, sizes in bytes or as `10M`, times in ms. */
export interface ApplicationConfig {
  app?: string;
  server?: string;
  nodename?: string;
  localip?: string;
  basepath?: string;
  datapath?: string;
  logpath?: string;
  loglevel?: 'NONE' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TARS';
  backpacketlimit?: number | string;
  backpacketmin?: number | string;
  backpacketcount?: number;
  backpacketage?: number;
  sendbufferlimit?: number | string;
  emptyconntimeout?: number;
  'deactivating-timeout'?: number;
  cert?: string;
  key?: string;
  ca?: string;
  verifyclient?: boolean;
  ciphers?: string;
  exceptiontexts?: boolean;
  certreload?: number;
  local?: string;
  adminallow?: string;
  drainwindow?: number;
  goawaytime?: number;
  workers?: number | 'auto';
  manuallisten?: boolean;
  checkset?: boolean;
  register?: boolean | string;
  registerlease?: number;
  advertise?: string;
  station?: string;
  node?: string;
  /** Adapter sections by name; may be left out where servants are declared with an endpoint. */
  adapters?: Readonly<Record<string, AdapterSection>>;
  /** Properties of the communicator, as `sync-invoke-timeout`; an object beneath the name of a servant holds those of its proxies. */
  client?: Readonly<Record<string, ClientProperty | Readonly<Record<string, ClientProperty>>>>;
}

/** The value of a property of the communicator. */
type ClientProperty = string | number | boolean;
