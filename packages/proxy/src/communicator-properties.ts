import { ConfigException } from '@tarsier/protocol';
import { environment } from '#default-transports';
import type { EnvironmentSettings } from './environment-options.js';
import { checkNumber, type NumberProperty } from './number-property.js';
import type { ConnectOptions } from './transport/connect-options.js';

/** Values that `setProperty` takes; they are kept as text. */
export type PropertyValue = string | number | boolean;

/** The properties that the client itself reads, parsed; among them those for transports and the environment. */
export interface ClientSettings extends ConnectOptions, EnvironmentSettings {
  readonly syncTimeoutMs: number;
  readonly asyncTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly minTimeoutMs: number;
  readonly checkIntervalMs: number;
  /** Per node: calls that wait for a connection; per connection: calls whose bytes the network has not taken. */
  readonly maxWaitingCalls: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** Clocks of a connection; 0: off. */
  readonly keepAliveMs: number;
  readonly silenceMs: number;
  readonly stallMs: number;
  /** Retries earned by each call, and in each second. */
  readonly retryRatio: number;
  readonly retriesPerSecond: number;
  /** What decoding one answer of TARS may cost; see `DecodeLimits`. */
  readonly decodeUnits: number;
  readonly decodeMs: number;
}

type NumberSetting = Exclude<keyof ClientSettings, keyof EnvironmentSettings>;

/** The properties that are numbers, by the setting that each of them is. */
const numbers: Readonly<Record<NumberSetting, NumberProperty>> = {
  syncTimeoutMs: ['sync-invoke-timeout', 3000],
  asyncTimeoutMs: ['async-invoke-timeout', 5000],
  connectTimeoutMs: ['connect-timeout', 1500],
  minTimeoutMs: ['min-timeout', 10],
  checkIntervalMs: ['timeoutcheckinterval', 10],
  reconnectMinMs: ['reconnect-min-interval', 1000],
  reconnectMaxMs: ['reconnect-max-interval', 10_000],
  maxWaitingCalls: ['sendqueuelimit', 100_000, 1, 100_000_000],
  keepAliveMs: ['keep-alive-interval', 30_000, 0],
  silenceMs: ['silence-timeout', 0, 0],
  stallMs: ['write-stall-timeout', 30_000, 0],
  retryRatio: ['retry-budget-ratio', 0.1, 0, 1],
  retriesPerSecond: ['retry-budget-min', 10, 0, 1_000_000],
  maxReceiveBytes: ['recvbufferlimit', 16 * 1024 * 1024, 1, 4_294_967_295],
  decodeUnits: ['decodelimit', 10_000_000, 0],
  decodeMs: ['decodetime', 100, 0],
};

function numberProperty(name: string): NumberProperty | undefined {
  return Object.values(numbers).find(([one]) => one === name);
}

/**
 * The text of a property.
 *
 * @throws ConfigException that names it.
 */
export function checkProperty(name: string, value: PropertyValue): string {
  const text = String(value).trim();
  environment.options.check(name, text);
  const property = numberProperty(name);
  if (property !== undefined) checkNumber(property, text);
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
 * | `decodelimit`, `decodetime` | 10000000 units, 100 ms | what decoding one answer of TARS may cost (not of TARS) |
 * | `keep-alive-interval` | 30000 ms | heartbeats and `keepAliveCallback`, if the protocol has them (TARS: 0, off) |
 * | `silence-timeout` | 0 ms, off | something must come within it while calls wait or pushes may come (not of TARS) |
 * | `write-stall-timeout` | 30000 ms | the network must take written bytes within it (not of TARS) |
 * | `retry-budget-ratio`, `retry-budget-min` | 0.1 of the calls, 10 in a second | how much idempotent calls may be retried (not of TARS) |
 * | `proxy` | none | `socks5://user:password@host:port` or `http://...`: connections go through it |
 * | `dns-refresh-interval` | 30000 ms | how often names with `-d` are looked up again; 0: never (not of TARS) |
 * | `dns-servers`, `dns-family` | | who is asked for them; 4 or 6: addresses of one kind only (not of TARS) |
 * | `ca`, `cert`, `key`, `ciphers`, `tls-servername`, `tls-verify` | | TLS; see `TlsOptions` |
 * | `stat`, `property` | none | objects that take reports |
 * | `report-interval`, `report-timeout`, `max-report-size` | 60000 ms, 5000 ms, 1400 bytes | how they get them |
 * | `reconnect-min-interval`, `reconnect-max-interval` | 1000 ms, 10000 ms | bounds of the backoff (not of TARS) |
 *
 * Other names are kept and returned, and mean nothing here; the communicator warns of them, except for those of TARS.
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
    return String(numberProperty(name)?.[1] ?? environment.options.initial(name));
  }

  /**
   * The properties as the client uses them.
   *
   * @param own those of one object, which win.
   * @throws ConfigException when they contradict each other.
   */
  settings(own?: ReadonlyMap<string, string>): ClientSettings {
    const text = (name: string): string => own?.get(name) ?? this.get(name);
    const settings = {
      ...(Object.fromEntries(
        Object.entries(numbers).map(([setting, [name]]) => [setting, Number(text(name))]),
      ) as Record<NumberSetting, number>),
      ...environment.options.read(text),
    };
    const { reconnectMinMs, reconnectMaxMs } = settings;
    if (reconnectMinMs <= reconnectMaxMs) return settings;
    const key = 'reconnect-min-interval';
    throw new ConfigException(
      `property ${key} is ${reconnectMinMs}, above reconnect-max-interval ${reconnectMaxMs}; lower the one or raise the other`,
      { where: { key } },
    );
  }
}
