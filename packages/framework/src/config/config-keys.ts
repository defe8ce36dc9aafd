/** What is known of a configuration key. */
export interface ConfigKey {
  /** Default, as it would be written; empty for none. */
  readonly default: string;
  /** Unit or form of the value. */
  readonly form: string;
  readonly meaning: string;
  /** Set for keys of TARS that have no effect here: the reason. They are named in a warning. */
  readonly unsupported?: string;
}

const unsupported = (reason: string): ConfigKey => ({ default: '', form: '', meaning: '', unsupported: reason });

const oneLoop = 'one event loop serves everything; no threads are needed';
const notYet = 'not supported by this version';
const stdoutLog = 'log lines go to standard output; replace the logger with setLogger()';

/** The keys of the server section. docs/reference/configuration.md lists them; a test compares the two. */
export const serverKeys: Readonly<Record<string, ConfigKey>> = {
  app: { default: 'UNKNOWN', form: 'name', meaning: 'application part of object names' },
  server: { default: 'name of the script', form: 'name', meaning: 'server part of object names' },
  nodename: { default: 'localip', form: 'name', meaning: 'name of this node' },
  localip: {
    default: 'first IPv4 address that is not loopback',
    form: 'address',
    meaning: 'address of this machine; replaces the host `localip` in endpoints',
  },
  basepath: { default: '.', form: 'path', meaning: 'where the server keeps its files' },
  datapath: { default: '.', form: 'path', meaning: 'where the server keeps its data' },
  logpath: { default: '.', form: 'path', meaning: 'where the server would keep logs' },
  loglevel: {
    default: 'INFO',
    form: 'NONE, ERROR, WARN, INFO, DEBUG or TARS',
    meaning: 'what is logged (TARS writes it `logLevel`; both are read)',
  },
  backpacketlimit: { default: '100M', form: 'size', meaning: 'bytes that may wait to be sent on one connection' },
  backpacketcount: {
    default: '0',
    form: 'number',
    meaning: 'packets that may wait to be sent on one connection while its socket takes nothing; 0: no limit',
  },
  backpacketage: {
    default: '0',
    form: 'ms',
    meaning: 'how long bytes may wait to be sent on one connection; 0: no limit',
  },
  sendbufferlimit: {
    default: '1G',
    form: 'size',
    meaning: 'bytes that may wait for all peers together that are behind; 0: no limit',
  },
  backpacketmin: {
    default: '1K',
    form: 'size',
    meaning:
      'least bytes that must leave per 5 s once a limit was reached, unless `sendpolicy` is `close`; after three times less the connection is closed',
  },
  emptyconntimeout: {
    default: '0',
    form: 'ms',
    meaning: 'time for the first complete packet of a connection; 0: no limit',
  },
  'deactivating-timeout': {
    default: '5000',
    form: 'ms',
    meaning: 'time that running requests get when the application ends',
  },
  local: {
    default: '',
    form: 'endpoint',
    meaning: 'administration port, as `tcp -h 127.0.0.1 -p 14001 -t 10000`; empty: none',
  },
  adminallow: {
    default: 'thismachine',
    form: 'addresses',
    meaning: 'who may use the administration port, written as `allow`',
  },
  drainwindow: {
    default: '0',
    form: 'ms',
    meaning:
      'time over which connections are closed when the application ends, so that their clients do not come back all at once; 0: at once',
  },
  goawaytime: {
    default: '1000',
    form: 'ms',
    meaning:
      'time that peers get to leave by themselves when the application ends, where the servant says goodbye (`goaway`); 0: none',
  },
  workers: {
    default: '0',
    form: 'number or `auto`',
    meaning:
      'processes that serve, sharing the ports; `auto`: one for each processor; 0: the process itself serves, and there is no supervisor',
  },
  manuallisten: {
    default: '0',
    form: 'yes or no',
    meaning: 'open the ports when `manualListen()` is called, not in `main`',
  },
  checkset: {
    default: 'n',
    form: 'yes or no',
    meaning:
      'TARS callers that name their set are answered -11 when it has the name of the set of this server (`setdivision`) and another area',
  },
  register: {
    default: 'n',
    form: 'yes, no or object string',
    meaning:
      'registers the servants while they are served, at each endpoint of this registry; yes: at the `locator` of the client section',
  },
  registerlease: {
    default: '15000',
    form: 'ms',
    meaning: 'the registry takes the server for dead that was not heard of so long; it is told three times as often',
  },
  advertise: {
    default: 'host of the endpoint',
    form: 'host',
    meaning:
      'where clients find the server, when it registers; for endpoints on every address (`0.0.0.0`) it is `localip` unless set',
  },
  station: {
    default: '',
    form: 'name',
    meaning: 'where the machine stands, for clients that ask for servers of a station',
  },
  node: {
    default: '',
    form: 'object string',
    meaning:
      'node agent (tarsnode) that gets the version once, and a sign of life of each adapter every 10 s; empty: none',
  },
  closecout: unsupported('standard output is never closed'),
  netthread: unsupported(oneLoop),
  opencoroutine: unsupported('handlers may be async'),
  coroutinememsize: unsupported('handlers may be async'),
  coroutinestack: unsupported('handlers may be async'),
  mergenetimp: unsupported(oneLoop),
  log: unsupported(stdoutLog),
  lognum: unsupported(stdoutLog),
  logsize: unsupported(stdoutLog),
  start_output: unsupported(stdoutLog),
  logstatreport: unsupported(stdoutLog),
  config: unsupported(`the configuration service is ${notYet}`),
  notify: unsupported(`the notification service is ${notYet}`),
  reportflow: unsupported('it has no effect in TarsCpp either'),
  bakflag: unsupported(`master and slave are ${notYet}`),
  baktype: unsupported(`master and slave are ${notYet}`),
  'ms-check-timeout': unsupported(`master and slave are ${notYet}`),
  cert: {
    default: '',
    form: 'PEM file',
    meaning: 'certificate for adapters on `ssl` and `wss`, intermediate ones behind it',
  },
  key: { default: '', form: 'PEM file', meaning: 'key of the certificate' },
  ca: {
    default: 'those of Node.js',
    form: 'PEM file',
    meaning: 'who may sign client certificates, with `verifyclient`',
  },
  verifyclient: {
    default: '0',
    form: 'yes or no',
    meaning: 'refuses clients without a certificate that `ca` has signed',
  },
  ciphers: { default: 'those of Node.js', form: 'OpenSSL cipher list', meaning: 'cipher suites' },
  certreload: {
    default: '60000',
    form: 'ms',
    meaning: 'how often certificate files are looked at; replaced ones are used for new connections; 0: never',
  },
  'activating-timeout': unsupported('TarsCpp does not read it either'),
  'sample-rate': unsupported('TarsCpp does not read it either'),
  'max-sample-count': unsupported('TarsCpp does not read it either'),
};

/** The keys of an adapter section. */
export const adapterKeys: Readonly<Record<string, ConfigKey>> = {
  servant: { default: '', form: 'App.Server.Obj', meaning: 'object name that is served; needed' },
  endpoint: {
    default: '',
    form: 'endpoint',
    meaning: 'where to listen; `-t` is the idle timeout of accepted connections, `-t 0` for none; needed',
  },
  allow: {
    default: '',
    form: 'addresses',
    meaning:
      'who may connect: addresses, networks as `10.0.0.0/8`, `*` for one piece, `thismachine` for its own addresses; separated by `;`, `,` or spaces',
  },
  deny: { default: '', form: 'addresses', meaning: 'who may not connect' },
  order: { default: 'allow,deny', form: '`allow,deny` or `deny,allow`', meaning: 'which list is asked first' },
  maxconns: { default: '128', form: 'number', meaning: 'connections at a time; 0: no limit' },
  maxconnsperip: {
    default: '0',
    form: 'number',
    meaning: 'connections of one address at a time, from accept to close, handshakes included; 0: no limit',
  },
  ipv6prefix: {
    default: '64',
    form: 'number',
    meaning: 'so many leading bits of an IPv6 address count as one address in `maxconnsperip`; 1 to 128',
  },
  queuecap: {
    default: '10240',
    form: 'number',
    meaning:
      'requests accepted and not finished, running ones included; from 4/5 of it on new ones are refused, by `onOverload` or with -9; 0: no limit',
  },
  queuetimeout: {
    default: '10000',
    form: 'ms',
    meaning:
      'longest wait of a request for its handler, in an ordered adapter; TARS callers are answered -6; 0: no limit',
  },
  protocol: {
    default: '',
    form: 'word',
    meaning:
      "`tars`, or any other word for a protocol of the servant's own, which needs a parser; left out: TARS, unless a parser was set",
  },
  ordered: {
    default: 'n',
    form: 'yes or no',
    meaning: 'one request of a connection at a time, so that answers keep the order of the requests',
  },
  recvbufferlimit: {
    default: '16M',
    form: 'size',
    meaning: 'bytes received on one connection that form no complete packet',
  },
  packettimeout: {
    default: '0',
    form: 'ms',
    meaning: 'time for a packet to complete, from its first byte on; 0: no limit',
  },
  maxpacketrate: {
    default: '0',
    form: 'number',
    meaning: 'packets per second of one connection; who sends more is read from later; 0: no limit',
  },
  sendpolicy: {
    default: 'close',
    form: '`close`, `drop-newest`, `drop-oldest` or `wait`',
    meaning:
      'what happens when a limit on what waits to be sent is reached: the connection is closed, the packet is refused, the oldest packets are given up for it, or it is refused while answers are taken and no requests are read (`drop` means `drop-newest`)',
  },
  backpacketlimit: {
    default: 'that of the server',
    form: 'size',
    meaning: 'as in the server section, for this adapter',
  },
  backpacketmin: { default: 'that of the server', form: 'size', meaning: 'as in the server section, for this adapter' },
  backpacketcount: {
    default: 'that of the server',
    form: 'number',
    meaning: 'as in the server section, for this adapter',
  },
  backpacketage: { default: 'that of the server', form: 'ms', meaning: 'as in the server section, for this adapter' },
  emptyconntimeout: {
    default: 'that of the server',
    form: 'ms',
    meaning: 'as in the server section, for this adapter',
  },
  threads: unsupported(oneLoop),
  handlegroup: unsupported(oneLoop),
  accesskey: unsupported(`authentication is ${notYet}`),
  secretkey: unsupported(`authentication is ${notYet}`),
  cert: { default: 'that of the server', form: 'PEM file', meaning: 'as in the server section, for this adapter' },
  key: { default: 'that of the server', form: 'PEM file', meaning: 'as in the server section, for this adapter' },
  ca: { default: 'that of the server', form: 'PEM file', meaning: 'as in the server section, for this adapter' },
  verifyclient: {
    default: 'that of the server',
    form: 'yes or no',
    meaning: 'as in the server section, for this adapter',
  },
  ciphers: {
    default: 'that of the server',
    form: 'OpenSSL cipher list',
    meaning: 'as in the server section, for this adapter',
  },
  handshaketimeout: { default: '10000', form: 'ms', meaning: 'time for the handshake of TLS or WebSocket' },
  origins: {
    default: '',
    form: 'origins',
    meaning:
      'pages of which origins may connect over WebSocket, as `https://www.example.com` or `https://*.example.com`, separated by `;`; `*`: any; those of the same host may always',
  },
  wstext: {
    default: 'n',
    form: 'yes or no',
    meaning: 'takes text messages of a WebSocket, as their UTF-8 bytes; otherwise they end the connection',
  },
  wsping: {
    default: '30000',
    form: 'ms',
    meaning: 'time between two pings on a WebSocket; who does not answer until the next is closed; 0: no pings',
  },
  wsmaxmessage: { default: '`recvbufferlimit`', form: 'size', meaning: 'largest message of a WebSocket' },
};
