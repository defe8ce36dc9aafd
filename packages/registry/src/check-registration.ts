import type { RegisteredServant, RegisteredServer } from '@tarsier/framework/internal';
import { cutText, TarsException } from '@tarsier/protocol';
import { partsOfSet } from './entries-of-set.js';

const MIN_LEASE_MS = 100;
const MAX_LEASE_MS = 3_600_000;
/** Of one server. */
const MAX_SERVANTS = 1000;
const MAX_PORT = 65_535;
const everyAddress: readonly string[] = ['', '*', '0.0.0.0', '::'];

/** Longest name in UTF-16 units: host names have 253. What clients cannot use is not kept. */
const MAX_NAME = 255;

/** The first of some names that is too long, as messages say it. */
function longName(names: Readonly<Record<string, string>>): string {
  const [what = '', name = ''] = Object.entries(names).find(([, one]) => one.length > MAX_NAME) ?? [];
  return what === '' ? '' : `the ${what} has ${name.length} characters, and may have ${MAX_NAME}`;
}

function problemOfServant({ obj, endpoint }: RegisteredServant): string {
  const long = longName({ 'name of an object': obj, 'host of an endpoint': endpoint.host });
  if (long !== '') return long;
  if (obj.split('.').length !== 3) return `expected an object as App.Server.Obj, found "${obj}"`;
  if (everyAddress.includes(endpoint.host))
    return `${obj}: clients cannot call the host "${endpoint.host}"; set advertise`;
  if (!Number.isInteger(endpoint.port) || endpoint.port < 1 || endpoint.port > MAX_PORT) {
    return `${obj}: expected a port from 1 to ${MAX_PORT}, found ${endpoint.port}`;
  }
  return [0, 1, 2].includes(endpoint.istcp) ? '' : `${obj}: istcp must be 0, 1 or 2, found ${endpoint.istcp}`;
}

function problemOf(server: RegisteredServer, leaseMs: number): string {
  const { instance, servants, setId, nodeName, station, application, serverName } = server;
  const names = { application, server: serverName, instance, set: setId, 'name of the node': nodeName, station };
  const long = longName(names);
  if (long !== '') return long;
  if (instance === '') return 'the name of the instance is empty';
  if (leaseMs < MIN_LEASE_MS || leaseMs > MAX_LEASE_MS) {
    return `expected a lease of ${MIN_LEASE_MS} to ${MAX_LEASE_MS} ms, found ${leaseMs}`;
  }
  if (servants.length > MAX_SERVANTS) return `a server may have ${MAX_SERVANTS} servants, found ${servants.length}`;
  if (setId !== '' && partsOfSet(setId) === undefined) return `expected a set as app.sz.1, found "${setId}"`;
  for (const servant of servants) {
    const problem = problemOfServant(servant);
    if (problem !== '') return problem;
  }
  return '';
}

/**
 * Refuses what clients could make nothing of.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` that says what is wrong.
 */
export function checkRegistration(server: RegisteredServer, leaseMs: number): void {
  const problem = problemOf(server, leaseMs);
  if (problem === '') return;
  const name = `${cutText(server.application, MAX_NAME)}.${cutText(server.serverName, MAX_NAME)}`;
  throw new TarsException(`${name} cannot be registered: ${problem}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
  });
}
