import {
  checkInit,
  type Discovery,
  type EndpointInit,
  type EndpointType,
  flags,
  withDefaults,
} from './endpoint-fields.js';
import { endpointError, type ParsedEndpoint, parseEndpoint } from './endpoint-parser.js';
import { splitEndpoints, tokenize } from './endpoint-tokens.js';

/**
 * One address that a server listens on or a client calls, as `tcp -h 127.0.0.1 -p 10099 -t 60000`.
 *
 * Grammar: a protocol word (`tcp`, `udp`, `ssl`, `ws`, `wss`), then flags of one letter with an argument each, in any
 * order: `-h` host (needed), `-p` port, `-t` timeout in ms, `-g` grid, `-q` QoS, `-w` weight, `-v` weight type,
 * `-e` authentication, `-r` rank, `-d` what is looked up (`dns`, `srv`), for `ssl`, `ws` and `wss` `-n` name of the server, and for
 * `ws` and `wss` `-u` path. A flag given twice: the last one counts. An argument cannot begin with `-`, so negative numbers
 * cannot be written.
 *
 * Immutable. Source: TC_Endpoint (util/include/util/tc_clientsocket.h); `ws`, `wss`, `-r`, `-d`, `-n` and `-u` are not of TARS.
 */
export class Endpoint {
  declare readonly type: EndpointType;
  /** Name, address, or path of a Unix socket; never `*`, which becomes `0.0.0.0`. */
  declare readonly host: string;
  /** 0..65535; 0 means a Unix socket, or that SRV records tell the port. */
  declare readonly port: number;
  /** Of a server: idle timeout of accepted connections. Clients ignore it. */
  declare readonly timeoutMs: number;
  declare readonly grid: number;
  declare readonly qos: number;
  /** -1 for none; 0..100 when `weightType` is not 0. */
  declare readonly weight: number;
  /** 0 round robin, 1 static weight. */
  declare readonly weightType: number;
  /** 0 none, 1 access key and secret key. */
  declare readonly authType: number;
  /** Path of the WebSocket URL; empty unless the type is `ws` or `wss`. */
  declare readonly path: string;
  /** Of a client: a node is called only while none of a lower rank is usable. */
  declare readonly rank: number;
  /** Name of the server for TLS and the WebSocket URL, when that is not `host`; else empty. */
  declare readonly serverName: string;
  /** What is looked up before it is called; empty when the host is called as it is. */
  declare readonly discovery: Discovery;
  /** Flags that were ignored, each with its argument, as `-s abc`, so that the caller can warn. */
  declare readonly unknownFlags: readonly string[];

  private constructor({ fields, unknownFlags }: ParsedEndpoint) {
    Object.assign(this, fields, { unknownFlags });
  }

  /**
   * The endpoint that a text describes.
   *
   * @throws EndpointParseException that quotes the text and says what was expected at which offset (`where.offset`).
   */
  static parse(text: string): Endpoint {
    return new Endpoint(parseEndpoint(text, { start: 0, end: text.length }));
  }

  /**
   * The endpoints of a list `endpoint:endpoint...`; spaces around the `:` are allowed.
   *
   * A new endpoint begins where `:` is followed by a protocol word and white space, so IPv6 addresses and host names
   * that contain `tcp`, `udp` or `ssl` need no care.
   *
   * @param from where the list begins in the text; offsets in errors count from the begin of the text.
   * @throws EndpointParseException for an empty list, an empty element, and whatever `parse` refuses.
   */
  static parseList(text: string, from = 0): Endpoint[] {
    return splitEndpoints(text, { start: from, end: text.length }).map((range, index, all) => {
      const tokens = tokenize(text, range);
      const last = tokens.at(-1);
      if (last === undefined) {
        const problem = all.length === 1 ? 'the list is empty' : `element ${index + 1} of the list is empty`;
        throw endpointError(text, range.start, `${problem}; expected an endpoint, as tcp -h 127.0.0.1 -p 10099,`);
      }
      // A host or a path may end in a colon; after anything else it is a separator with nothing behind it.
      const flag = tokens.at(-2)?.text;
      if (last.text.endsWith(':') && flag !== '-h' && flag !== '-u') {
        const offset = last.offset + last.text.length;
        throw endpointError(text, offset, `element ${index + 2} of the list is empty; expected an endpoint after ":"`);
      }
      return new Endpoint(parseEndpoint(text, range));
    });
  }

  /**
   * The endpoint of the given fields.
   *
   * @throws EndpointParseException that names the field.
   */
  static of(init: EndpointInit): Endpoint {
    checkInit(init);
    return new Endpoint({ fields: withDefaults(init), unknownFlags: [] });
  }

  /** Whether it is a Unix socket, whose path is `host`. */
  get isUnix(): boolean {
    return this.port === 0 && this.discovery === '';
  }

  /** Whether `host` is an IPv6 address. */
  get isIPv6(): boolean {
    return !this.isUnix && this.host.includes(':');
  }

  /**
   * What makes two endpoints the same node: `type:host:port`, the path of a WebSocket unless it is `/`, and the name of the server
   * if it has one, as `#name`. One that has to be looked up is no node yet: `#-d dns` or `#-d srv` stands behind it.
   * Source: TC_Endpoint::operator==.
   */
  get key(): string {
    const path = this.path === '/' ? '' : this.path;
    const name = this.serverName && `#${this.serverName}`;
    const lookup = this.discovery && `#-d ${this.discovery}`;
    return `${this.type}:${this.host}:${this.port}${path}${name}${lookup}`;
  }

  /**
   * The text of the endpoint: `parse` makes an equal one of it. Unknown flags are left out.
   *
   * As TC_Endpoint prints it, but for `-t 0`, which it leaves out although reading that back gives 3000.
   */
  toString(): string {
    const { type } = this;
    // Host, port and timeout differ from these, whatever they are.
    const usual = withDefaults({ type, host: '', port: -1, timeoutMs: -1 });
    let text: string = type;
    for (const [flag, [field]] of flags) if (this[field] !== usual[field]) text += ` ${flag} ${this[field]}`;
    return text;
  }
}
