import { describe, expect, it } from 'vitest';
import { EndpointParseException } from '../errors/exceptions.js';
import { Endpoint } from './endpoint.js';
import type { EndpointInit } from './endpoint-fields.js';

const defaults = {
  timeoutMs: 3000,
  grid: 0,
  qos: 0,
  weight: -1,
  weightType: 0,
  authType: 0,
  path: '',
  rank: 0,
  serverName: '',
  discovery: '' as const,
};

function failure(run: () => unknown): EndpointParseException {
  try {
    run();
  } catch (error) {
    if (error instanceof EndpointParseException) return error;
    throw error;
  }
  throw new Error('expected an EndpointParseException');
}

describe('Endpoint.parse', () => {
  it.each<[string, Partial<Endpoint>]>([
    ['tcp -h 127.0.0.1 -p 10099', { type: 'tcp', host: '127.0.0.1', port: 10099, ...defaults }],
    [
      ' udp\t-p 1\r\n-h  a.example -t 60000 ',
      { ...defaults, type: 'udp', host: 'a.example', port: 1, timeoutMs: 60000 },
    ],
    ['ssl -h * -p 65535 -t 0', { ...defaults, type: 'ssl', host: '0.0.0.0', port: 65535, timeoutMs: 0 }],
    ['tcp -h a -p 1 -g 3 -q 46 -e 1', { ...defaults, host: 'a', grid: 3, qos: 46, authType: 1 }],
    ['tcp -h a -p 1 -w 30', { weight: 30, weightType: 0 }],
    ['tcp -h a -p 1 -w 300', { weight: 300, weightType: 0 }],
    ['tcp -h a -p 1 -v 1', { weight: 100, weightType: 1 }],
    ['tcp -h a -p 1 -v 1 -w 0', { weight: 0, weightType: 1 }],
    ['tcp -h a -p 1 -w 101 -v 2', { weight: 100, weightType: 2 }],
    ['tcp -h a -p 1 -p 2', { port: 2 }],
    ['tcp -h /tmp/push.sock', { host: '/tmp/push.sock', port: 0, isUnix: true, isIPv6: false }],
    ['tcp -h /tmp/a:b -p 0', { host: '/tmp/a:b', isUnix: true, isIPv6: false }],
    ['tcp -h ::1 -p 1', { host: '::1', isIPv6: true, isUnix: false }],
    ['tcp -h fe80::1%eth0 -p 1', { host: 'fe80::1%eth0', isIPv6: true }],
    ['tcp -h ::ffff:10.0.0.1 -p 1', { isIPv6: true }],
    ['tcp -h 1:2:3:4:5:6:7:8 -p 1', { isIPv6: true }],
    ['tcp -h tcp.example.com -p 1', { host: 'tcp.example.com', isIPv6: false }],
    ['ws -h a -p 80', { type: 'ws', path: '/' }],
    ['wss -h a -p 443 -u /push?x=1', { type: 'wss', path: '/push?x=1' }],
    ['tcp -h a -p 1 -s set.1.2 -x -z y -u /p', { unknownFlags: ['-s set.1.2', '-x', '-z y', '-u /p'], path: '' }],
    ['tcp -h a -p 1', { unknownFlags: [] }],
    ['tcp -h a -p 1 -r 2', { rank: 2 }],
    ['ssl -h 10.0.0.1 -p 1 -n a.example', { host: '10.0.0.1', serverName: 'a.example' }],
    ['tcp -h 10.0.0.1 -p 1 -n a.example', { serverName: '', unknownFlags: ['-n a.example'] }],
    ['tcp -h a.example -p 1 -d dns', { host: 'a.example', port: 1, discovery: 'dns', isUnix: false }],
    ['tcp -h _push._tcp.a.example -d srv', { port: 0, discovery: 'srv', isUnix: false, isIPv6: false }],
    ['ssl -h _push._tcp.a.example -p 0 -d srv -n b', { discovery: 'srv', serverName: 'b' }],
  ])('reads %j', (text, expected) => {
    const endpoint = Endpoint.parse(text);
    for (const [key, value] of Object.entries(expected)) expect(Reflect.get(endpoint, key), key).toEqual(value);
  });

  it.each<[string, number, RegExp]>([
    ['', 0, /expected one of tcp, udp, ssl, ws, wss, found nothing/],
    ['   ', 0, /found nothing/],
    ['TCP -h a -p 1', 0, /expected one of tcp.*found "TCP"/],
    ['  http -h a', 2, /found "http"/],
    ['tcp', 0, /expected a host, as -h/],
    ['tcp -p 1', 0, /expected a host, as -h/],
    ['tcp -h', 6, /expected an argument of -h at offset 6/],
    ['tcp -h -p 1', 6, /expected an argument of -h, found "-p"/],
    ['tcp -h a -p', 11, /expected an argument of -p/],
    ['tcp -h a -p x', 12, /expected an integer from 0 to 65535 after -p, found "x"/],
    ['tcp -h a -p 65536', 12, /65535 after -p, found "65536"/],
    ['tcp -h a -p 1.5', 12, /found "1\.5"/],
    ['tcp -h a -p 1e3', 12, /found "1e3"/],
    ['tcp -h a -p 0x10', 12, /found "0x10"/],
    ['tcp -h a -p +1', 12, /found "\+1"/],
    ['tcp -h a -p 1 -t 2147483648', 17, /2147483647 after -t/],
    ['tcp -h a -p 1 -t 99999999999999999999', 17, /after -t/],
    ['tcp -h a -p 1 -w -1', 16, /expected an argument of -w, found "-1"/],
    ['tcp -h a -p 1 -e 2', 17, /from 0 to 1 after -e/],
    ['tcp -h a b -p 1', 9, /expected a flag such as -h or -p, found "b"/],
    ['tcp -h a -port 1', 9, /expected a flag.*found "-port"/],
    ['tcp -h a -- 1', 9, /expected a flag/],
    ['tcp -h localhost:8080', 7, /without brackets \(the port goes after -p\) after -h, found "localhost:8080"/],
    ['tcp -h [::1] -p 1', 7, /without brackets/],
    ['tcp -h ::: -p 1', 7, /without brackets/],
    ['tcp -h 1:2:3:4:5:6:7 -p 1', 7, /without brackets/],
    ['tcp -h 1::2::3 -p 1', 7, /without brackets/],
    ['tcp -h ::1% -p 1', 7, /without brackets/],
    ['tcp -h /tmp/x:tcp -p 0', 7, /no protocol word after a colon/],
    ['ws -h a -p 1 -u push', 16, /begins with \//],
    ['ws -h a -p 1 -u /a#b', 16, /neither white space nor #/],
    ['ws -h a -p 1 -u', 15, /expected an argument of -u/],
    ['tcp -h a -p 1 -r 65536', 17, /from 0 to 65535 after -r, found "65536"/],
    ['tcp -h a -p 1 -d', 16, /expected an argument of -d/],
    ['tcp -h a -p 1 -d mdns', 17, /expected dns or srv after -d, found "mdns"/],
    ['tcp -h 10.0.0.1 -p 1 -d dns', 7, /expected a name with -d dns, found "10\.0\.0\.1"/],
    ['tcp -h ::1 -p 1 -d dns', 7, /expected a name.*found "::1"/],
    ['tcp -d srv -h /tmp/a', 14, /expected a name.*found "\/tmp\/a"/],
    ['tcp -h * -p 1 -d dns', 7, /expected a name/],
    ['tcp -h a -d dns', 12, /expected a port with -d dns/],
    ['tcp -h a -p 0 -d dns', 12, /expected a port.*found "0"/],
    ['tcp -h a -p 7 -d srv', 12, /expected no port with -d srv, found "7"/],
    ['ssl -h a -p 1 -n ::1', 17, /expected a name after -n, found "::1"/],
    ['ws -h a -p 1 -n a/b', 16, /expected a name after -n/],
  ])('refuses %j', (text, offset, message) => {
    const error = failure(() => Endpoint.parse(text));
    expect(error.message).toMatch(message);
    expect(error.message).toContain(JSON.stringify(text));
    expect(error.where.offset).toBe(offset);
    expect(error.code).toBe('TARSIER_ENDPOINT_INVALID');
  });

  it('quotes the part around the offset of a long text', () => {
    const error = failure(() => Endpoint.parse(`tcp -h ${'a'.repeat(5000)} -p nonsense ${'-x y '.repeat(1000)}`));
    expect(error.message).toMatch(/^endpoint …".*-p nonsense.*"…: /);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('Endpoint.of', () => {
  it('fills the defaults in', () => {
    expect(Endpoint.of({ type: 'tcp', host: 'a', port: 1 })).toMatchObject({ ...defaults, type: 'tcp', host: 'a' });
    expect(Endpoint.of({ type: 'ws', host: '*', port: 1 })).toMatchObject({ host: '0.0.0.0', path: '/' });
    expect(Endpoint.of({ type: 'tcp', host: 'a', port: 1, weight: -1, weightType: 1 }).weight).toBe(100);
  });

  it.each<[Partial<Record<keyof EndpointInit, unknown>>, keyof EndpointInit]>([
    [{ type: 'http' }, 'type'],
    [{ host: '' }, 'host'],
    [{ host: 'a b' }, 'host'],
    [{ host: '-a' }, 'host'],
    [{ host: 'a:1' }, 'host'],
    [{ host: undefined }, 'host'],
    [{ port: undefined }, 'port'],
    [{ port: 65536 }, 'port'],
    [{ port: -1 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ port: Number.NaN }, 'port'],
    [{ port: '80' }, 'port'],
    [{ timeoutMs: -1 }, 'timeoutMs'],
    [{ weight: -2 }, 'weight'],
    [{ authType: 2 }, 'authType'],
    [{ path: '/a' }, 'path'],
    [{ type: 'ws', path: '' }, 'path'],
    [{ type: 'ws', path: 'a' }, 'path'],
    [{ type: 'ws', path: 5 }, 'path'],
    [{ rank: -1 }, 'rank'],
    [{ discovery: 'mdns' }, 'discovery'],
    [{ discovery: 7 }, 'discovery'],
    [{ discovery: 'dns', host: '10.0.0.1' }, 'host'],
    [{ discovery: 'dns', port: 0 }, 'port'],
    [{ discovery: 'srv' }, 'port'],
    [{ serverName: 'b' }, 'serverName'],
    [{ type: 'ssl', serverName: 'b:1' }, 'serverName'],
    [{ type: 'ssl', serverName: 5 }, 'serverName'],
  ])('refuses %j and names the field', (change, key) => {
    const init = { type: 'tcp', host: 'a', port: 1, ...change } as unknown as EndpointInit;
    const error = failure(() => Endpoint.of(init));
    expect(error.message).toContain(`endpoint field ${key}: expected `);
    expect(error.where.key).toBe(key);
  });
});

describe('Endpoint.toString and key', () => {
  it.each([
    ['tcp -h 127.0.0.1 -p 10099', 'tcp -h 127.0.0.1 -p 10099 -t 3000', 'tcp:127.0.0.1:10099'],
    ['ssl -p 1 -h * -t 0', 'ssl -h 0.0.0.0 -p 1 -t 0', 'ssl:0.0.0.0:1'],
    ['udp -e 1 -v 1 -w 5 -q 2 -g 1 -t 7 -p 9 -h ::1', 'udp -h ::1 -p 9 -t 7 -g 1 -q 2 -w 5 -v 1 -e 1', 'udp:::1:9'],
    ['ws -u / -h a -p 80', 'ws -h a -p 80 -t 3000', 'ws:a:80'],
    ['wss -u /push -h a -p 443', 'wss -h a -p 443 -t 3000 -u /push', 'wss:a:443/push'],
    ['tcp -h a -p 1 -s x', 'tcp -h a -p 1 -t 3000', 'tcp:a:1'],
    ['tcp -r 2 -h a -p 1', 'tcp -h a -p 1 -t 3000 -r 2', 'tcp:a:1'],
    ['ssl -n b -h ::1 -p 1', 'ssl -h ::1 -p 1 -t 3000 -n b', 'ssl:::1:1#b'],
    ['wss -n b -h a -p 1 -u /x', 'wss -h a -p 1 -t 3000 -u /x -n b', 'wss:a:1/x#b'],
    ['tcp -d dns -h a -p 1', 'tcp -h a -p 1 -t 3000 -d dns', 'tcp:a:1#-d dns'],
    ['ssl -d srv -h _a._tcp.b -n c', 'ssl -h _a._tcp.b -p 0 -t 3000 -n c -d srv', 'ssl:_a._tcp.b:0#c#-d srv'],
  ])('prints %j', (text, printed, key) => {
    const endpoint = Endpoint.parse(text);
    expect(endpoint.toString()).toBe(printed);
    expect(String(endpoint)).toBe(printed);
    expect(endpoint.key).toBe(key);
  });
});

describe('Endpoint.parseList', () => {
  it.each<[string, string[]]>([
    ['tcp -h a -p 1', ['tcp:a:1']],
    ['tcp -h a -p 1:tcp -h b -p 2', ['tcp:a:1', 'tcp:b:2']],
    ['tcp -h a -p 1 : udp -h b -p 2', ['tcp:a:1', 'udp:b:2']],
    ['tcp -h a -p 1: ssl -h b -p 2 :ws -h c -p 3', ['tcp:a:1', 'ssl:b:2', 'ws:c:3']],
    ['tcp -h tcp.example.com -p 1:tcp -h my-tcp -p 2', ['tcp:tcp.example.com:1', 'tcp:my-tcp:2']],
    ['tcp -h tcp -p 1:udp -h ssl -p 2', ['tcp:tcp:1', 'udp:ssl:2']],
    ['tcp -p 1 -h ::1:tcp -p 2 -h fe80::1', ['tcp:::1:1', 'tcp:fe80::1:2']],
    ['tcp -p 1 -h :: : tcp -p 2 -h fe80:::ssl -h :: -p 3', ['tcp::::1', 'tcp:fe80:::2', 'ssl::::3']],
    ['tcp -p 1 -h udp:udp -p 2 -h tcp', ['tcp:udp:1', 'udp:tcp:2']],
    ['ws -h a -p 1 -u /tcp:x:tcp -h b -p 2', ['ws:a:1/tcp:x', 'tcp:b:2']],
    ['tcp -p 1 -h ::', ['tcp::::1']],
  ])('splits %j', (text, keys) => {
    expect(Endpoint.parseList(text).map((endpoint) => endpoint.key)).toEqual(keys);
  });

  it.each<[string, number, RegExp]>([
    ['', 0, /the list is empty/],
    [' \t', 0, /the list is empty/],
    ['tcp -h a -p 1:', 14, /element 2 of the list is empty/],
    ['tcp -h a -p 1 : ', 15, /element 2 of the list is empty/],
    ['tcp -h a -p 1::tcp -h b -p 2', 14, /element 2 of the list is empty/],
    [':tcp -h a -p 1', 0, /element 1 of the list is empty/],
    [' : tcp -h a -p 1', 0, /element 1 of the list is empty/],
    ['tcp -h a -p 1:tcp -h b -p x', 26, /found "x" at offset 26/],
    ['tcp -p 1:tcp -h b -p 2', 0, /expected a host/],
    ['tcp -h a -p 1:tcp -p 2', 14, /expected a host/],
    ['tcp -h a -p 1:http -h b', 12, /found "1:http"/],
    ['tcp -h a -p 1 tcp -h b -p 2', 14, /expected a flag/],
    // A protocol word without anything behind it begins no endpoint.
    ['tcp -p 1 -h a:tcp', 12, /without brackets.*found "a:tcp"/],
  ])('refuses %j', (text, offset, message) => {
    const error = failure(() => Endpoint.parseList(text));
    expect(error.message).toMatch(message);
    expect(error.where.offset).toBe(offset);
  });
});
