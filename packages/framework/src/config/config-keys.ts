import { MAX_COUNT } from '@tarsier/protocol';
import type { AdapterSection, ApplicationConfig } from './application-config.js';
import { bytes, count, duration, type KeyTable, ofServer, text, word, yesNo } from './config-key.js';

/** What is gathered in one piece has to fit into it. */
const buffer = { min: 1, max: 4_294_967_295 } as const;
/** More processes than this are a slip of the pen. */
const MAX_WORKERS = 1024;
const tls = { on: 'tls', protects: true } as const;
const webSocket = { on: 'webSocket' } as const;

/**
 * The keys of the server section: kind, default and bounds of each, complete by type. Files, objects and declarations are read through
 * it. docs/reference/configuration.md lists them; a test compares the two.
 */
export const serverKeys: KeyTable<Omit<ApplicationConfig, 'adapters' | 'client'>> = {
  app: text('text', 'name', 'UNKNOWN', 'application part of object names'),
  server: text('text', 'name', 'name of the script', 'server part of object names'),
  nodename: text('text', 'name', 'localip', 'name of this node'),
  localip: text(
    'text',
    'address',
    'first IPv4 address that is not loopback',
    'address of this machine; replaces the host `localip` in endpoints',
  ),
  basepath: text('path', 'path', '.', 'where the server keeps its files'),
  datapath: text('path', 'path', '.', 'where the server keeps its data'),
  logpath: text('path', 'path', '.', 'where the server would keep logs'),
  loglevel: word(
    'INFO',
    ['NONE', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TARS'],
    'what is logged (TARS writes it `logLevel`; both are read)',
  ),
  backpacketlimit: bytes('100M', 'bytes that may wait to be sent on one connection', { min: 1 }),
  backpacketcount: count(
    '0',
    'packets that may wait to be sent on one connection while its socket takes nothing; 0: no limit',
  ),
  backpacketage: duration('0', 'how long bytes may wait to be sent on one connection; 0: no limit'),
  sendbufferlimit: bytes('1G', 'bytes that may wait for all peers together that are behind; 0: no limit'),
  backpacketmin: bytes(
    '1K',
    'least bytes that must leave per 5 s once a limit was reached, unless `sendpolicy` is `close`; after three times less the connection is closed',
  ),
  emptyconntimeout: duration(
    '30000',
    'time for the first complete packet of a connection, unless something is sent to it before; 0: no limit',
  ),
  'deactivating-timeout': duration('5000', 'time that running requests get when the application ends'),
  local: text('endpoint', 'endpoint', '', 'administration port, as `tcp -h 127.0.0.1 -p 14001 -t 10000`; empty: none'),
  adminallow: text('addresses', 'addresses', 'thismachine', 'who may use the administration port, written as `allow`', {
    protects: true,
  }),
  drainwindow: duration(
    '0',
    'time over which connections are closed when the application ends, so that their clients do not come back all at once; 0: at once',
  ),
  goawaytime: duration(
    '1000',
    'time that peers get to leave by themselves when the application ends, where the servant says goodbye (`goaway`); 0: none',
  ),
  workers: count(
    '0',
    'processes that serve, sharing the ports; `auto`: one for each processor; 0: the process itself serves, and there is no supervisor',
    { max: MAX_WORKERS, words: ['auto'], form: 'number or `auto`' },
  ),
  manuallisten: yesNo('n', 'open the ports when `manualListen()` is called, not in `main`'),
  checkset: yesNo(
    'n',
    'TARS callers that name their set are answered -11 when it has the name of the set of this server (`setdivision`) and another area',
    { protects: true },
  ),
  register: text(
    'object',
    'yes, no or object string',
    'n',
    'registers the servants while they are served, at each endpoint of this registry; yes: at the `locator` of the client section',
  ),
  registerlease: duration(
    '15000',
    'the registry takes the server for dead that was not heard of so long; it is told three times as often',
    { min: 300, max: 3_600_000 },
  ),
  advertise: text(
    'text',
    'host',
    'host of the endpoint',
    'where clients find the server, when it registers; for endpoints on every address (`0.0.0.0`) it is `localip` unless set',
  ),
  station: text('text', 'name', '', 'where the machine stands, for clients that ask for servers of a station'),
  node: text(
    'object',
    'object string',
    '',
    'node agent (tarsnode) that gets the version once, and a sign of life of each adapter every 10 s; empty: none',
  ),
  cert: text('path', 'PEM file', '', 'certificate for adapters on `ssl` and `wss`, intermediate ones behind it', tls),
  key: text('path', 'PEM file', '', 'key of the certificate', tls),
  ca: text('path', 'PEM file', '', 'who may sign client certificates; `verifyclient` needs it', tls),
  verifyclient: yesNo('n', 'refuses clients without a certificate that `ca` has signed', tls),
  ciphers: text('text', 'OpenSSL cipher list', 'those of Node.js', 'cipher suites', tls),
  exceptiontexts: yesNo(
    'n',
    'TARS callers get the text of every exception, as in TarsCpp; otherwise of those that were thrown for them, and of others a reference to the log',
  ),
  certreload: duration(
    '60000',
    'how often certificate files are looked at; replaced ones are used for new connections; 0: never',
  ),
};

/** The keys of an adapter section, and the options of `@servant`. */
export const adapterKeys: KeyTable<Omit<AdapterSection, 'sni'>> = {
  servant: text('text', 'App.Server.Obj', '', 'object name that is served; needed'),
  endpoint: text(
    'endpoint',
    'endpoint',
    '',
    'where to listen; `-t` is the idle timeout of accepted connections, `-t 0` for none; needed',
  ),
  allow: text(
    'addresses',
    'addresses',
    '',
    'who may connect: addresses, networks as `10.0.0.0/8`, `*` for one piece, `thismachine` for its own addresses; separated by `;`, `,` or spaces',
    { on: 'address', protects: true },
  ),
  deny: text('addresses', 'addresses', '', 'who may not connect', { on: 'address', protects: true }),
  order: word('allow,deny', ['allow,deny', 'deny,allow'], 'which list is asked first', {
    on: 'address',
    protects: true,
    form: '`allow,deny` or `deny,allow`',
  }),
  maxconns: count('128', 'connections at a time; 0: no limit'),
  maxconnsperip: count(
    '0',
    'connections of one address at a time, from accept to close, handshakes included; 0: no limit',
    { on: 'address' },
  ),
  ipv6prefix: count('64', 'so many leading bits of an IPv6 address count as one address in `maxconnsperip`; 1 to 128', {
    min: 1,
    max: 128,
  }),
  queuecap: count(
    '10240',
    'requests accepted and not finished, running ones included; from 4/5 of it on new ones are refused, by `onOverload` or with -9; 0 or less: no limit',
    { min: -MAX_COUNT },
  ),
  queuecapperconn: count(
    '1024',
    'requests of one connection accepted and not finished, at most 2/5 of `queuecap` unless set; it is not read from until half of them are done; 0: no limit',
  ),
  packetsperdatagram: count(
    '64',
    'packets of one datagram that are served; the rest of it is dropped and counted; 0: no limit',
  ),
  queuetimeout: duration(
    '10000',
    'longest wait of a request for its handler, in an ordered adapter; TARS callers are answered -6; 0: no limit',
  ),
  protocol: text(
    'text',
    'word',
    '',
    "`tars`, or any other word for a protocol of the servant's own, which needs a parser; left out: TARS, unless a parser was set",
  ),
  ordered: yesNo('n', 'one request of a connection at a time, so that answers keep the order of the requests'),
  recvbufferlimit: bytes('16M', 'bytes received on one connection that form no complete packet', buffer),
  packettimeout: duration('30000', 'time for a packet to complete, from its first byte on; 0: no limit'),
  maxpacketrate: count('0', 'packets per second of one connection; who sends more is read from later; 0: no limit'),
  decodelimit: count(
    '10000000',
    'units of memory, of about 16 bytes, that the values of one TARS request may weigh; beyond it the caller is answered -1; 0: no limit',
  ),
  decodetime: duration(
    '100',
    'time that decoding one TARS request may take beyond 1 ms for each 16 KiB; beyond it the caller is answered -1; 0: no limit',
  ),
  tarsversions: text(
    'text',
    'versions',
    '',
    'versions of TARS requests that are taken: 1 (TARS), 2 and 3 (TUP), 5 (JSON), separated by `;`; requests of others are answered -1; empty: all',
    { protects: true },
  ),
  sendpolicy: word(
    'close',
    ['close', 'drop', 'drop-newest', 'drop-oldest', 'wait'],
    'what happens when a limit on what waits to be sent is reached: the connection is closed, the packet is refused, the oldest packets are given up for it, or it is refused while answers are taken and no requests are read (`drop` means `drop-newest`)',
    { form: '`close`, `drop-newest`, `drop-oldest` or `wait`' },
  ),
  backpacketlimit: ofServer(serverKeys.backpacketlimit),
  backpacketmin: ofServer(serverKeys.backpacketmin),
  backpacketcount: ofServer(serverKeys.backpacketcount),
  backpacketage: ofServer(serverKeys.backpacketage),
  emptyconntimeout: ofServer(serverKeys.emptyconntimeout),
  cert: ofServer(serverKeys.cert),
  key: ofServer(serverKeys.key),
  ca: ofServer(serverKeys.ca),
  verifyclient: ofServer(serverKeys.verifyclient),
  ciphers: ofServer(serverKeys.ciphers),
  exceptiontexts: ofServer(serverKeys.exceptiontexts),
  handshaketimeout: duration('10000', 'time for the handshake of TLS or WebSocket', { min: 1 }),
  hosts: text(
    'text',
    'hosts',
    '',
    'names by which a WebSocket may be asked for, as `www.example.com`, `*.example.com` or `[::1]:8080`, separated by `;`; others are answered 421; empty: any',
    { ...webSocket, protects: true },
  ),
  origins: text(
    'text',
    'origins',
    'the host that is asked',
    'pages of which origins may connect over WebSocket, and no others, as `https://www.example.com` or `https://*.example.com:8443`, separated by `;`; `*`: any',
    { ...webSocket, protects: true },
  ),
  wstext: yesNo(
    'n',
    'takes text messages of a WebSocket, as their UTF-8 bytes; otherwise they end the connection',
    webSocket,
  ),
  wsping: duration(
    '30000',
    'time between two pings on a WebSocket; who does not answer until the next is closed; 0: no pings',
    webSocket,
  ),
  wsmaxmessage: bytes('`recvbufferlimit`', 'largest message of a WebSocket', { ...buffer, ...webSocket }),
};
