import { cutText, Endpoint, type Logger, ownText, type TimeSource } from '@tarsier/protocol';
import type { CallOutcome, ObservedCall } from '../observe/proxy-observer.js';
import { reportPropMsg, type StatPropMsg, StatPropMsgBody, StatPropMsgHead } from './property-f.js';
import { PropertyValues } from './property-values.js';
import type { ReportProxy } from './report-proxy.js';
import { ReportSender } from './report-sender.js';
import type { ReportSettings } from './report-settings.js';
import { REPORT_VERSION } from './report-version.js';
import { splitMap } from './split-map.js';
import { StatCounts } from './stat-counts.js';
import { reportMicMsg, StatMicMsgBody, StatMicMsgHead } from './stat-f.js';
import type { PropertyPolicy, ServedRequest } from './stat-report.js';

/** Different heads within one interval, of calls and of requests each. */
const MAX_HEADS = 10_000;
/** So long the end waits for a connection to report the last interval. */
const CLOSE_MS = 1000;
/** Longest name in a report, in UTF-16 units. Source: MAX_MASTER_NAME_LEN (TarsCpp). */
const MAX_NAME = 127;
/** Says that averages may be fractions. Source: StatReport::reportPropMsg. */
const PROPERTY_VERSION = 2;
/** Who called a server is only known by its address. Source: Current::reportToStat (TarsCpp). */
const FROM_SERVER = 'stat_from_server';

/** What a {@link Reporter} is made of. */
export interface ReporterInit {
  readonly settings: ReportSettings;
  /** Absent for what is not reported. */
  readonly stat: ReportProxy | undefined;
  readonly property: ReportProxy | undefined;
  readonly logger: Logger;
  readonly time: TimeSource;
}

/** One call, as it is counted. */
export interface CountedCall {
  readonly object: string;
  /** Whose servers were called, as `app.sz.1`; empty for those of all sets. */
  readonly setName: string;
  readonly call: ObservedCall;
  readonly outcome: CallOutcome;
  readonly ms: number;
}

/**
 * Counts calls and gathers properties, and reports them each interval.
 *
 * Source: StatReport (servant/libservant/StatReport.cpp, TarsCpp).
 */
export class Reporter {
  readonly #init: ReporterInit;
  readonly #calls: StatCounts;
  readonly #requests: StatCounts;
  readonly #properties = new Map<string, PropertyValues>();
  readonly #stat: ReportSender | undefined;
  readonly #property: ReportSender | undefined;
  readonly #stopTimer: () => void;
  /** `App.Server`, and the set. */
  readonly #module: string;
  readonly #set: readonly string[];
  #isFullTold = false;

  constructor(init: ReporterInit) {
    this.#init = init;
    const { settings, time } = init;
    this.#calls = new StatCounts(MAX_HEADS, this.#tellFull);
    this.#requests = new StatCounts(MAX_HEADS, this.#tellFull);
    this.#set = settings.setDivision === '' ? [] : settings.setDivision.split('.');
    this.#module = named(settings.moduleName, this.#set);
    this.#stat = this.#senderOf(init.stat);
    this.#property = this.#senderOf(init.property);
    this.#stopTimer = time.every(settings.intervalMs, this.#report, false);
  }

  #senderOf(proxy: ReportProxy | undefined): ReportSender | undefined {
    if (proxy === undefined) return undefined;
    const { settings, logger, time } = this.#init;
    return new ReportSender({ proxy, maxBytes: settings.maxBytes, timeoutMs: settings.timeoutMs, logger, time });
  }

  /** Counts a call of this program. */
  called({ object, setName, call, outcome, ms }: CountedCall): void {
    const { sFuncName } = call.request;
    const { error, response, endpoint } = outcome;
    const result = error?.iRet ?? response?.iRet ?? 0;
    const makeHead = (): StatMicMsgHead => {
      const set = setName === '' ? [] : setName.split('.');
      const { host, port } = placeOf(endpoint);
      const [slaveSetName = '', slaveSetArea = '', slaveSetID = ''] = set;
      return StatMicMsgHead.create({
        masterName: `${this.#module}@${REPORT_VERSION}`,
        slaveName: named(object.split('.').slice(0, 2).join('.'), set),
        interfaceName: limited(sFuncName),
        slaveIp: host,
        slavePort: port,
        returnValue: result,
        slaveSetName,
        slaveSetArea,
        slaveSetID,
      });
    };
    const fate = error?.code === 'TARSIER_CALL_TIMEOUT' ? 'timeout' : result === 0 ? 'answered' : 'failed';
    this.#calls.add([object, setName, cutText(sFuncName, MAX_NAME), endpoint, result].join('\n'), makeHead, {
      fate,
      ms,
    });
  }

  /** Counts a request that this program has served. */
  served({ func, peerIp, port, result, ms }: ServedRequest): void {
    const makeHead = (): StatMicMsgHead => {
      const [slaveSetName = '', slaveSetArea = '', slaveSetID = ''] = this.#set;
      return StatMicMsgHead.create({
        masterName: FROM_SERVER,
        slaveName: this.#module,
        interfaceName: limited(func),
        masterIp: peerIp,
        slavePort: port,
        returnValue: result,
        slaveSetName,
        slaveSetArea,
        slaveSetID,
      });
    };
    const fate = result === 0 ? 'answered' : 'failed';
    this.#requests.add([cutText(func, MAX_NAME), peerIp, port, result].join('\n'), makeHead, { fate, ms });
  }

  addProperty(name: string, policies: readonly PropertyPolicy[]): void {
    this.#properties.set(name, new PropertyValues(policies));
  }

  addValue(name: string, value: number): void {
    this.#properties.get(name)?.add(value);
  }

  /** Reports the last interval, and ends. */
  async close(): Promise<void> {
    this.#stopTimer();
    const hasCounts = this.#calls.size + this.#requests.size > 0;
    const hasValues = Array.from(this.#properties.values()).some((values) => !values.isEmpty);
    await Promise.all([
      hasCounts ? this.#stat?.ready(CLOSE_MS) : undefined,
      hasValues ? this.#property?.ready(CLOSE_MS) : undefined,
    ]);
    this.#report();
  }

  readonly #report = (): void => {
    this.#reportCounts(this.#calls, true);
    this.#reportCounts(this.#requests, false);
    this.#reportProperties();
  };

  #reportCounts(counts: StatCounts, isFromClient: boolean): void {
    const sender = this.#stat;
    if (sender === undefined) return;
    const parts = splitMap(counts.take(), [StatMicMsgHead, StatMicMsgBody], sender.roomFor(reportMicMsg.name));
    for (const part of parts) sender.send(reportMicMsg, [part, isFromClient]);
  }

  #reportProperties(): void {
    const sender = this.#property;
    if (sender === undefined) return;
    const [setName = '', setArea = '', setID = ''] = this.#set;
    const all: StatPropMsg = new Map();
    for (const [propertyName, values] of this.#properties) {
      const vInfo = values.take();
      if (vInfo.length === 0) continue;
      const head = StatPropMsgHead.create({
        moduleName: this.#module,
        propertyName,
        setName,
        setArea,
        setID,
        iPropertyVer: PROPERTY_VERSION,
      });
      all.set(head, StatPropMsgBody.create({ vInfo }));
    }
    const parts = splitMap(all, [StatPropMsgHead, StatPropMsgBody], sender.roomFor(reportPropMsg.name));
    for (const part of parts) sender.send(reportPropMsg, [part]);
  }

  readonly #tellFull = (): void => {
    if (this.#isFullTold) return;
    this.#isFullTold = true;
    const text = `calls of more than ${MAX_HEADS} different functions, nodes and results within one interval are counted under "other"; names that are made up for each call do that`;
    this.#init.logger.warn(text, { heads: MAX_HEADS });
  };
}

/** Host and port of an endpoint, of which only the text is known; a call that reached none has neither. */
function placeOf(endpoint: string): { readonly host: string; readonly port: number } {
  if (endpoint === '') return { host: '', port: 0 };
  const { host, port } = Endpoint.parse(endpoint);
  return { host: limited(host), port };
}

/** Peers choose names, and what is kept until the next report is a copy: a piece would keep all of theirs alive. */
function limited(name: string): string {
  return ownText(name, MAX_NAME);
}

/** A name, and the set that it is meant in: `App.Server.appsz1`. */
function named(name: string, set: readonly string[]): string {
  return set.length === 0 ? limited(name) : `${limited(name)}.${set.join('')}`;
}
