import { ConfigException } from '@tarsier/protocol';
import type { DnsSettings } from './resolve/dns-settings.js';
import type { ForwardProxy, TlsOptions } from './transport/connect-options.js';
import { parseForwardProxy } from './transport-options.js';

/** Values that `setProperty` takes; they are kept as text. */
export type PropertyValue = string | number | boolean;

/** The properties that the client itself reads, parsed. */
export interface ClientSettings {
  readonly syncTimeoutMs: number;
  readonly asyncTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly minTimeoutMs: number;
  readonly checkIntervalMs: number;
  /** Per node: calls that wait for a connection; per connection: calls whose bytes the network has not taken. */
  readonly maxWaitingCalls: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** Bytes received on one connection that do not form a packet yet. */
  readonly maxReceiveBytes: number;
  /** Clocks of a connection; 0: off. */
  readonly keepAliveMs: number;
  readonly silenceMs: number;
  readonly stallMs: number;
  /** Retries earned by each call, and in each second. */
  readonly retryRatio: number;
  readonly retriesPerSecond: number;
  readonly forwardProxy: ForwardProxy | undefined;
  readonly dns: DnsSettings;
  readonly tls: TlsOptions;
}

/** A property that is an integer: default, smallest and largest value. */
interface IntegerProperty {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

const MAX_MS = 2_147_483_647;
const ms = (initial: number, min = 1): IntegerProperty => ({ initial, min, max: MAX_MS });

const integers = {
  'sync-invoke-timeout': ms(3000),
  'async-invoke-timeout': ms(5000),
  'connect-timeout': ms(1500),
  'min-timeout': ms(10),
  timeoutcheckinterval: ms(10),
  'reconnect-min-interval': ms(1000),
  'reconnect-max-interval': ms(10_000),
  sendqueuelimit: { initial: 100_000, min: 1, max: 100_000_000 },
  'keep-alive-interval': ms(30_000, 0),
  'silence-timeout': ms(0, 0),
  'write-stall-timeout': ms(30_000, 0),
  'dns-refresh-interval': ms(30_000, 0),
  'retry-budget-min': { initial: 10, min: 0, max: 1_000_000 },
  recvbufferlimit: { initial: 16 * 1024 * 1024, min: 1, max: 4_294_967_295 },
} satisfies Record<string, IntegerProperty>;

const tlsProperties = [
  ['ca', 'ca'],
  ['cert', 'cert'],
  ['key', 'key'],
  ['ciphers', 'ciphers'],
  ['servername', 'tls-servername'],
] as const satisfies readonly (readonly [keyof TlsOptions, string])[];

type IntegerName = keyof typeof integers;

const RATIO = 'retry-budget-ratio';
const DEFAULT_RATIO = '0.1';

const VERIFY = 'tls-verify';
const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ...['y', '1', 'true'].map((text) => [text, true] as const),
  ...['n', '0', 'false'].map((text) => [text, false] as const),
]);

const none: ReadonlyMap<string, string> = new Map();

/**
 * The text of a property.
 *
 * @throws ConfigException that names it.
 */
export function checkProperty(name: string, value: PropertyValue): string {
  const text = String(value).trim();
  if (name === RATIO) {
    const isRatio = /^\d+(\.\d+)?$/.test(text) && Number(text) <= 1;
    if (isRatio) return text;
    throw new ConfigException(`property ${name}: expected a number from 0 to 1, found "${text}"`, {
      where: { key: name },
    });
  }
  // A text that means nothing must not decide whether servers are verified.
  if (name === VERIFY && !yesOrNo.has(text.toLowerCase())) {
    throw new ConfigException(`property ${name}: expected y or n, found "${text}"`, { where: { key: name } });
  }
  if (name === 'proxy') parseForwardProxy(text);
  if (!Object.hasOwn(integers, name)) return text;
  const { min, max } = integers[name as IntegerName];
  const number = /^\d{1,12}$/.test(text) ? Number(text) : -1;
  if (number < min || number > max) {
    throw new ConfigException(`property ${name}: expected an integer from ${min} to ${max}, found "${text}"`, {
      where: { key: name },
    });
  }
  return text;
}

/**
 * The properties of a communicator, under their TARS names.
 *
 * | property | default | meaning |
 * | --- | --- | --- |
 * | `sync-invoke-timeout` | 3000 ms | deadline of `rpcCall` |
 * | `async-invoke-timeout` | 5000 ms | deadline of `rpcCallAsync` |
 * | `connect-timeout` | 1500 ms | one attempt to connect |
 * | `min-timeout` | 10 ms | lower bound of the two deadlines when a proxy sets them |
 * | `timeoutcheckinterval` | 10 ms | granularity of all deadlines (TARS: 100) |
 * | `sendqueuelimit` | 100000 | calls that may wait at one node |
 * | `recvbufferlimit` | 16777216 bytes | bytes of one connection that do not form a packet yet (not of TARS) |
 * | `keep-alive-interval` | 30000 ms | heartbeats and `keepAliveCallback`, if the protocol has them (TARS: 0, off) |
 * | `silence-timeout` | 0 ms, off | something must come within it while calls wait or pushes may come (not of TARS) |
 * | `write-stall-timeout` | 30000 ms | the network must take written bytes within it (not of TARS) |
 * | `retry-budget-ratio`, `retry-budget-min` | 0.1 of the calls, 10 in a second | how much idempotent calls may be retried (not of TARS) |
 * | `proxy` | none | `socks5://user:password@host:port` or `http://…`: connections go through it |
 * | `dns-refresh-interval` | 30000 ms | how often names with `-d` are looked up again; 0: never (not of TARS) |
 * | `dns-servers`, `dns-family` | | who is asked for them; 4 or 6: addresses of one kind only (not of TARS) |
 * | `ca`, `cert`, `key`, `ciphers`, `tls-servername`, `tls-verify` | | TLS; see `TlsOptions` |
 * | `reconnect-min-interval`, `reconnect-max-interval` | 1000 ms, 10000 ms | bounds of the backoff (not of TARS) |
 *
 * Other names are kept and returned, and mean nothing here.
 * Source: Communicator::setProperty, getProperty (servant/libservant/Communicator.cpp).
 */
export class CommunicatorProperties {
  #values = new Map<string, string>();

  /**
   * Sets one property; or, given an object, replaces all of them, as in C++.
   *
   * @throws ConfigException that names the property; nothing is changed then.
   */
  set(nameOrAll: string | Readonly<Record<string, PropertyValue>>, value: PropertyValue = ''): void {
    if (typeof nameOrAll === 'string') {
      this.#values.set(nameOrAll, checkProperty(nameOrAll, value));
      return;
    }
    this.#values = new Map(Object.entries(nameOrAll).map(([name, one]) => [name, checkProperty(name, one)]));
  }

  /** The text of a property; of one that is not set the given text, else its default, else ''. */
  get(name: string, otherwise?: string): string {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    if (otherwise !== undefined) return otherwise;
    if (name === RATIO) return DEFAULT_RATIO;
    if (name === VERIFY) return 'y';
    return Object.hasOwn(integers, name) ? String(integers[name as IntegerName].initial) : '';
  }

  /**
   * The properties as the client uses them.
   *
   * @param own those of one object, which win.
   * @throws ConfigException when they contradict each other.
   */
  settings(own: ReadonlyMap<string, string> = none): ClientSettings {
    const text = (name: string): string => own.get(name) ?? this.get(name);
    const integer = (name: IntegerName): number => Number(text(name));
    const reconnectMinMs = integer('reconnect-min-interval');
    const reconnectMaxMs = integer('reconnect-max-interval');
    if (reconnectMinMs > reconnectMaxMs) {
      throw new ConfigException(
        `property reconnect-min-interval is ${reconnectMinMs}, above reconnect-max-interval ${reconnectMaxMs}; lower the one or raise the other`,
        { where: { key: 'reconnect-min-interval' } },
      );
    }
    return {
      syncTimeoutMs: integer('sync-invoke-timeout'),
      asyncTimeoutMs: integer('async-invoke-timeout'),
      connectTimeoutMs: integer('connect-timeout'),
      minTimeoutMs: integer('min-timeout'),
      checkIntervalMs: integer('timeoutcheckinterval'),
      maxWaitingCalls: integer('sendqueuelimit'),
      reconnectMinMs,
      reconnectMaxMs,
      maxReceiveBytes: integer('recvbufferlimit'),
      keepAliveMs: integer('keep-alive-interval'),
      silenceMs: integer('silence-timeout'),
      stallMs: integer('write-stall-timeout'),
      retryRatio: Number(text(RATIO)),
      retriesPerSecond: integer('retry-budget-min'),
      forwardProxy: parseForwardProxy(text('proxy')),
      dns: { servers: text('dns-servers'), family: text('dns-family'), refreshMs: integer('dns-refresh-interval') },
      tls: tlsOptions(text),
    };
  }
}

function tlsOptions(text: (name: string) => string): TlsOptions {
  const options: Record<string, string> = {};
  for (const [name, property] of tlsProperties) {
    const value = text(property);
    if (value !== '') options[name] = value;
  }
  return { ...options, verify: yesOrNo.get(text(VERIFY).toLowerCase()) !== false };
}
