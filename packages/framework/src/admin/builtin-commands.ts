import { lowerAscii } from '@tarsier/protocol/internal';
import { getLogLevel, LogLevel, setLogLevel } from '../log/log.js';
import type { ApplicationStats } from '../observe/application-stats.js';
import { VERSION } from '../version.js';
import { type AdminCommands, helpText } from './admin-commands.js';

/** One open connection, as an operator sees it. */
export interface ConnectionRow {
  readonly adapter: string;
  readonly uid: number;
  readonly peer: string;
  /** Time since the last byte came, in ms. */
  readonly silentMs: number;
  /** Idle timeout, in ms; 0 for none. */
  readonly timeoutMs: number;
  /** Bytes received that form no packet yet. */
  readonly bufferedBytes: number;
  readonly waitingBytes: number;
}

/** What the built-in commands are about. */
export interface AdminSubject {
  stats(): ApplicationStats;
  connections(): ConnectionRow[];
  /** Reads the configuration file again and takes over the properties of the client. */
  reloadProperties(): Promise<string>;
  reloadCertificates(): Promise<void>;
  shutDown(): void;
}

/** More lines than this are no help to anybody. */
const MAX_ROWS = 1000;

/** Adds the commands of TARS that mean something here. Source: Application::cmdViewStatus and its like (TarsCpp). */
export function addBuiltinCommands(commands: AdminCommands, subject: AdminSubject): void {
  commands.add('tars.help', 'lists the commands', () => helpText(commands.list()));
  commands.add('tars.viewstatus', 'shows the server, its adapters and its client', () => viewStatus(subject.stats()));
  commands.add('tars.viewversion', 'shows the version of Tarsier and of Node.js', () => versions());
  commands.add('tars.connection', 'lists the open connections', () => connectionTable(subject.connections()));
  commands.add('tars.resource', 'shows memory, processor time, connections and what waits, as JSON', () =>
    JSON.stringify(subject.stats(), undefined, 2),
  );
  commands.add(
    'tars.setloglevel',
    'NONE, ERROR, WARN, INFO, DEBUG or TARS: sets what is logged until the end',
    (text) => changeLogLevel(text),
  );
  commands.add('tars.loadproperty', 'reads the configuration file again and sets the properties of the client', () =>
    subject.reloadProperties(),
  );
  commands.add('tars.reloadcertificates', 'reads the certificates again; new connections get them', async () => {
    await subject.reloadCertificates();
    return 'new connections get what the files hold now';
  });
  commands.add('tars.shutdown', 'ends the server', () => {
    subject.shutDown();
    return 'the server ends';
  });
}

/** What the commands of a supervisor are about. */
export interface SupervisorSubject {
  states(): object | undefined;
  restart(): Promise<void>;
  shutDown(): void;
}

/** The commands that a supervisor runs itself; all others it hands on to its workers. */
export function addSupervisorCommands(commands: AdminCommands, subject: SupervisorSubject): void {
  commands.add('tars.workers', 'shows the workers, as JSON', () => JSON.stringify(subject.states(), undefined, 2));
  commands.add('tars.restart', 'replaces the workers one after the other by new processes', async () => {
    await subject.restart();
    return 'all workers were restarted';
  });
  commands.add('tars.shutdown', 'ends the server', () => {
    subject.shutDown();
    return 'the server ends';
  });
}

function versions(): string {
  return `tarsier ${VERSION}, Node.js ${process.version}`;
}

function changeLogLevel(text: string): string {
  const wanted = lowerAscii(text);
  const found = Object.entries(LogLevel).find(([name]) => lowerAscii(name) === wanted);
  const names = Object.keys(LogLevel).join(', ');
  if (found === undefined) return `expected one of ${names}, found ${JSON.stringify(text)}`;
  const before = Object.entries(LogLevel).find(([, value]) => value === getLogLevel())?.[0];
  setLogLevel(found[1]);
  return `the log level is ${found[0]}, it was ${before ?? 'unknown'}`;
}

function viewStatus(stats: ApplicationStats): string {
  const { rssBytes, heapUsedBytes } = stats.memory;
  const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
  const lines = [
    `server       ${stats.application}`,
    `process      ${stats.pid}${stats.worker > 0 ? `, worker ${stats.worker}` : ''}`,
    `up           ${(stats.uptimeMs / 1000).toFixed(1)} s, ${(stats.cpuMs / 1000).toFixed(1)} s of processor time`,
    `memory       ${mib(rssBytes)}, ${mib(heapUsedBytes)} of it JavaScript`,
  ];
  for (const adapter of stats.adapters) {
    const counted = Object.entries(adapter.counters).filter(([, count]) => count > 0);
    lines.push(
      '',
      `adapter      ${adapter.name}`,
      `servant      ${adapter.servant}`,
      `endpoint     ${adapter.endpoint}`,
      `connections  ${adapter.connections}`,
      `in progress  ${adapter.requestsInProgress}`,
      `waiting      ${adapter.waitingBytes} bytes to be sent`,
      `counted      ${counted.map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing yet'}`,
    );
  }
  return lines.join('\n');
}

function connectionTable(rows: readonly ConnectionRow[]): string {
  const header = ['adapter', 'uid', 'peer', 'silent ms', 'timeout ms', 'buffered', 'waiting'];
  const table = [
    header,
    ...rows
      .slice(0, MAX_ROWS)
      .map((row) => [
        row.adapter,
        String(row.uid),
        row.peer,
        String(Math.round(row.silentMs)),
        String(row.timeoutMs),
        String(row.bufferedBytes),
        String(row.waitingBytes),
      ]),
  ];
  const widths = header.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (rows.length > MAX_ROWS) lines.push(`… and ${rows.length - MAX_ROWS} more`);
  return lines.join('\n');
}
