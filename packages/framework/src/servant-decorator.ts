import 'reflect-metadata';
import type { PacketParser } from '@tarsier/protocol';
import type { Servant } from './servant.js';

/** Adapter keys that a declaration may set; a key of the configuration file wins over the same key here. */
export interface ServantAdapterOptions {
  /** Where to listen, as `tcp -h 127.0.0.1 -p 10099 -t 60000`: makes an adapter when the configuration has none. */
  endpoint?: string;
  allow?: string;
  deny?: string;
  order?: 'allow,deny' | 'deny,allow';
  maxconns?: number;
  maxconnsperip?: number;
  ipv6prefix?: number;
  queuecap?: number;
  queuecapperconn?: number;
  packetsperdatagram?: number;
  queuetimeout?: number;
  /** One request of a connection at a time, so that answers keep the order of the requests. */
  ordered?: boolean;
  recvbufferlimit?: number | string;
  backpacketlimit?: number | string;
  backpacketmin?: number | string;
  backpacketcount?: number;
  backpacketage?: number;
  sendpolicy?: 'close' | 'drop' | 'drop-newest' | 'drop-oldest' | 'wait';
  packettimeout?: number;
  maxpacketrate?: number;
  decodelimit?: number;
  decodetime?: number;
  tarsversions?: string;
  emptyconntimeout?: number;
  cert?: string;
  key?: string;
  ca?: string;
  verifyclient?: boolean;
  ciphers?: string;
  exceptiontexts?: boolean;
  handshaketimeout?: number;
  hosts?: string;
  origins?: string;
  wstext?: boolean;
  wsping?: number;
  wsmaxmessage?: number | string;
  /** Certificates for other host names that clients ask for, as `www.example.com` or `*.example.com`. */
  sni?: Readonly<Record<string, { readonly cert: string; readonly key: string }>>;
}

/** What `@servant` declares. */
export interface ServantOptions extends ServantAdapterOptions {
  /** Object name: `EchoObj`, or in full `App.Server.EchoObj`. */
  name: string;
  /** The parser that frames this servant's bytes. */
  protocol?: PacketParser;
}

/** A class of servants; the parameters are those given to `addServant`. */
export type ServantClass<P extends readonly unknown[] = []> = new (...params: P) => Servant;

const key = 'tarsier:servant';

/**
 * Declares name, parser and adapter options on the class, so that `app.addServant(Class)` needs nothing else.
 *
 * Works as a decorator of TypeScript (`experimentalDecorators`) and of the language alike.
 *
 * @example
 * ```ts
 * @servant({ name: 'EchoObj', protocol: parseBinary4, endpoint: 'tcp -h 127.0.0.1 -p 10099 -t 60000' })
 * class EchoServant extends Servant {}
 * ```
 */
export function servant(options: ServantOptions): (target: abstract new (...params: never[]) => Servant) => void {
  return (target) => {
    Reflect.defineMetadata(key, options, target);
  };
}

/** What was declared on a class itself or on one that it extends. */
export function servantOptionsOf(target: object): ServantOptions | undefined {
  return Reflect.getMetadata(key, target) as ServantOptions | undefined;
}
