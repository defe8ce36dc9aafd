import { setLogger } from '@tarsier/framework';
import { RegisteredServant, RegisteredServer } from '@tarsier/framework/internal';
import { EndpointF } from '@tarsier/proxy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeTable } from './node-table.js';

const OBJ = 'T.S.Obj';
const lines: string[] = [];
/** Characters of all lines, with what they tell. */
let logged = 0;
let nowMs = 0;
const time = { now: () => nowMs };

function endpoint(port: number, init: Partial<EndpointF> = {}): EndpointF {
  return EndpointF.create({ host: '10.0.0.1', port, timeout: 60_000, istcp: 1, ...init });
}

function serverOf(instance: string, ports: readonly number[], init: Partial<RegisteredServer> = {}): RegisteredServer {
  const servants = ports.map((port) => RegisteredServant.create({ obj: OBJ, endpoint: endpoint(port) }));
  return RegisteredServer.create({ application: 'T', serverName: 'S', instance, servants, ...init });
}

function ports(table: NodeTable, obj = OBJ): { active: number[]; inactive: number[] } {
  const { active, inactive } = table.find(obj);
  return { active: active.map(({ port }) => port), inactive: inactive.map(({ port }) => port) };
}

beforeEach(() => {
  nowMs = 1000;
  lines.length = 0;
  logged = 0;
  const keep = (text: string, fields: object = {}): void => {
    lines.push(text);
    logged += text.length + JSON.stringify(fields).length;
  };
  setLogger({ debug: keep, info: keep, warn: keep, error: keep });
});

afterEach(() => {
  setLogger(undefined);
});

describe('NodeTable: leases', () => {
  it('tells a node as active within its lease, as inactive behind it, and forgets it later', () => {
    const table = new NodeTable({ time, removeAfterMs: 10_000 });
    table.register(serverOf('a', [1]), 3000);
    expect(ports(table)).toEqual({ active: [1], inactive: [] });
    nowMs += 2999;
    expect(ports(table)).toEqual({ active: [1], inactive: [] });
    nowMs += 1;
    expect(ports(table)).toEqual({ active: [], inactive: [1] });
    nowMs += 1000;
    expect(ports(table)).toEqual({ active: [], inactive: [1] });
    nowMs += 1000;
    expect(ports(table)).toEqual({ active: [], inactive: [1] });
    expect(lines.filter((line) => line.startsWith('the lease'))).toHaveLength(1);
    nowMs += 10_000;
    expect(ports(table)).toEqual({ active: [], inactive: [] });
    expect(table.size).toBe(0);
  });

  it('keeps a node whose lease is renewed, and brings back one that was inactive', () => {
    const table = new NodeTable({ time });
    table.register(serverOf('a', [1]), 3000);
    nowMs += 2000;
    table.register(serverOf('a', [1]), 3000);
    nowMs += 2000;
    expect(ports(table)).toEqual({ active: [1], inactive: [] });
    nowMs += 2000;
    expect(ports(table)).toEqual({ active: [], inactive: [1] });
    table.register(serverOf('a', [1]), 3000);
    expect(ports(table)).toEqual({ active: [1], inactive: [] });
    expect(table.size).toBe(1);
  });
});

describe('NodeTable: servers', () => {
  it('forgets the nodes of a server that leaves, and no others', () => {
    const table = new NodeTable({ time });
    table.register(serverOf('a', [1, 2]), 3000);
    table.register(serverOf('b', [3]), 3000);
    expect(table.unregister('a')).toBe(2);
    expect(table.unregister('a')).toBe(0);
    expect(ports(table)).toEqual({ active: [3], inactive: [] });
  });

  it('forgets what a server does not serve any more', () => {
    const table = new NodeTable({ time });
    table.register(serverOf('a', [1, 2]), 3000);
    table.register(serverOf('a', [2]), 3000);
    expect(ports(table)).toEqual({ active: [2], inactive: [] });
  });

  it('gives an endpoint to the process that registered it last: the late goodbye of the one before takes nothing away', () => {
    const table = new NodeTable({ time });
    table.register(serverOf('old', [1]), 3000);
    table.register(serverOf('new', [1]), 3000);
    expect(table.unregister('old')).toBe(0);
    expect(ports(table)).toEqual({ active: [1], inactive: [] });
  });

  it('fills in the set and the name of the machine', () => {
    const table = new NodeTable({ time });
    table.register(serverOf('a', [1], { setId: 'app.sz.1', nodeName: 'm1' }), 3000);
    expect(table.find(OBJ).active).toEqual([endpoint(1, { setId: 'app.sz.1', nodeName: 'm1' })]);
  });

  it('keeps what was entered by hand, whoever registers the same endpoint', () => {
    const table = new NodeTable({ time });
    table.add(OBJ, { endpoint: endpoint(1) });
    table.add(OBJ, { endpoint: endpoint(2), isActive: false });
    table.register(serverOf('a', [1]), 3000);
    expect(table.unregister('a')).toBe(0);
    expect(table.unregister('')).toBe(0);
    nowMs += 1_000_000_000;
    expect(ports(table)).toEqual({ active: [1], inactive: [2] });
  });

  it('takes no more nodes than its limit, and goes on with those it has', () => {
    const table = new NodeTable({ time, maxNodes: 2 });
    table.register(serverOf('a', [1, 2]), 3000);
    expect(() => {
      table.register(serverOf('b', [3]), 3000);
    }).toThrow(/has 2 nodes, and takes no more; raise maxNodes/);
    table.register(serverOf('a', [1, 2]), 3000);
    expect(ports(table)).toEqual({ active: [1, 2], inactive: [] });
  });

  it.each<[string, Partial<RegisteredServer>, number, RegExp]>([
    ['no instance', { instance: '' }, 3000, /instance is empty/],
    ['a short lease', {}, 99, /a lease of 100 to 3600000 ms, found 99/],
    ['a long lease', {}, 3_600_001, /found 3600001/],
    ['no set', { setId: 'app.*.1' }, 3000, /expected a set as app.sz.1, found "app.\*.1"/],
    [
      'no object',
      { servants: [RegisteredServant.create({ obj: 'Obj' })] },
      3000,
      /an object as App.Server.Obj, found "Obj"/,
    ],
    [
      'every address',
      { servants: [RegisteredServant.create({ obj: OBJ, endpoint: endpoint(1, { host: '0.0.0.0' }) })] },
      3000,
      /cannot call the host "0.0.0.0"; set advertise/,
    ],
    [
      'no port',
      { servants: [RegisteredServant.create({ obj: OBJ, endpoint: endpoint(0) })] },
      3000,
      /a port from 1 to 65535, found 0/,
    ],
    [
      'another protocol',
      { servants: [RegisteredServant.create({ obj: OBJ, endpoint: endpoint(1, { istcp: 3 }) })] },
      3000,
      /istcp must be 0, 1 or 2, found 3/,
    ],
    [
      'too many servants',
      { servants: Array.from({ length: 1001 }, () => RegisteredServant.create({ obj: OBJ, endpoint: endpoint(1) })) },
      3000,
      /may have 1000 servants, found 1001/,
    ],
  ])('refuses %s', (_, init, leaseMs, message) => {
    const table = new NodeTable({ time });
    expect(() => {
      table.register(serverOf('a', [1], init), leaseMs);
    }).toThrow(message);
    expect(table.size).toBe(0);
  });

  it('uses the clock of the environment unless it is given one', () => {
    vi.useFakeTimers();
    try {
      const table = new NodeTable();
      table.register(serverOf('a', [1]), 3000);
      vi.advanceTimersByTime(3001);
      expect(ports(table)).toEqual({ active: [], inactive: [1] });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('NodeTable: what strangers name', () => {
  const long = 'x'.repeat(10_000);

  it('is one line of the log for a server, however many servants it has', () => {
    const table = new NodeTable({ time, removeAfterMs: 1000 });
    const servants = Array.from({ length: 1000 }, (_, n) =>
      RegisteredServant.create({ obj: `T.S.${String(n).padEnd(250, 'x')}`, endpoint: endpoint(n + 1) }),
    );
    table.register(RegisteredServer.create({ application: 'T', serverName: 'S', instance: 'a', servants }), 3000);
    nowMs += 3000;
    table.sweep();
    nowMs += 1000;
    table.sweep();
    expect(lines).toEqual([
      'a server was registered',
      'the lease of a server is over: its nodes are inactive',
      'nodes that were inactive are forgotten',
    ]);
    expect(logged).toBeLessThan(15_000);
  });

  it.each<[string, Partial<RegisteredServer>]>([
    ['application', { application: long }],
    ['server', { serverName: long }],
    ['instance', { instance: long }],
    ['set', { setId: `a.b.${long}` }],
    ['name of the node', { nodeName: long }],
    ['station', { station: long }],
    ['name of an object', { servants: [RegisteredServant.create({ obj: `T.S.${long}`, endpoint: endpoint(1) })] }],
    [
      'host of an endpoint',
      { servants: [RegisteredServant.create({ obj: OBJ, endpoint: endpoint(1, { host: long }) })] },
    ],
  ])('is refused when the %s is long, in few words', (what, init) => {
    const table = new NodeTable({ time });
    const refusal = (): unknown => {
      try {
        table.register(serverOf('a', [1], init), 3000);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    expect(refusal()).toMatch(new RegExp(`the ${what} has \\d+ characters, and may have 255`));
    expect(String(refusal()).length).toBeLessThan(700);
    expect(table.size).toBe(0);
  });
});
