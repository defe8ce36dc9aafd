/** The values of the server section, as they are after defaults are filled in. Sizes in bytes, times in ms. */
export interface ServerBaseInfo {
  /** Key `app`. */
  Application: string;
  /** Key `server`. */
  ServerName: string;
  /** Key `nodename`; the local address when it is not set. */
  NodeName: string;
  /** Key `localip`; else the first IPv4 address that is not loopback, else 127.0.0.1. */
  LocalIp: string;
  /** Key `basepath`, ends with a separator. */
  BasePath: string;
  /** Key `datapath`, ends with a separator. */
  DataPath: string;
  /** Key `logpath`, ends with a separator. */
  LogPath: string;
  /** Key `loglevel`: NONE, ERROR, WARN, INFO, DEBUG or TARS. */
  LogLevel: string;
  /** Path given to `--config`; empty without one. */
  ConfigFile: string;
  /** Key `backpacketlimit`: bytes that may wait to be sent on one connection. */
  BackPacketLimit: number;
  /** Key `backpacketcount`: packets that may wait while the socket takes nothing; 0: no limit. */
  BackPacketCount: number;
  /** Key `backpacketage`: how long bytes may wait to be sent; 0: no limit. */
  BackPacketAge: number;
  /** Key `sendbufferlimit`: bytes that may wait for all peers that are behind; 0: no limit. */
  SendBufferLimit: number;
  /** Key `backpacketmin`: least bytes to leave per 5 s sample of a full send queue. */
  BackPacketMin: number;
  /** Key `emptyconntimeout`: time for the first complete packet of a connection, unless something is sent to it before; 0: no limit. */
  EmptyConnTimeout: number;
  /** Key `deactivating-timeout`: time that running requests get when the application ends. */
  DeactivatingTimeout: number;
  /** Key `local`: endpoint of the administration port; empty for none. */
  Local: string;
  /** Key `adminallow`: who may use it; empty for this machine only. */
  AdminAllow: string;
  /** Key `certreload`: how often certificate files are looked at; 0: never. */
  CertReload: number;
  /** Key `drainwindow`: time over which the connections are closed when the application ends; 0: all at once. */
  DrainWindow: number;
  /** Key `goawaytime`: time that peers get to leave by themselves after a goodbye. */
  GoawayTime: number;
  /** Key `workers`: processes that serve; 0: this one. */
  Workers: number;
  /** Key `manuallisten`: the ports open when `manualListen()` is called. */
  ManualListen: boolean;
}

/**
 * The server section of the application that was configured last; `app.getServerBaseInfo()` has those of each.
 *
 * Source: tars::ServerConfig (servant/servant/Application.h).
 */
export const ServerConfig: ServerBaseInfo = {
  Application: 'UNKNOWN',
  ServerName: '',
  NodeName: '',
  LocalIp: '127.0.0.1',
  BasePath: './',
  DataPath: './',
  LogPath: './',
  LogLevel: 'INFO',
  ConfigFile: '',
  BackPacketLimit: 104_857_600,
  BackPacketCount: 0,
  BackPacketAge: 0,
  SendBufferLimit: 1_073_741_824,
  BackPacketMin: 1024,
  EmptyConnTimeout: 30_000,
  DeactivatingTimeout: 5000,
  Local: '',
  AdminAllow: '',
  CertReload: 60_000,
  DrainWindow: 0,
  GoawayTime: 1000,
  Workers: 0,
  ManualListen: false,
};
