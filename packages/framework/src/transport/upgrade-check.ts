import type { IncomingMessage } from 'node:http';
import { lowerAscii } from '@tarsier/protocol/internal';
import { HostList } from './host-list.js';
import { OriginList, type PageScheme } from './origin-list.js';
import { type AskingRequest, requestTarget } from './request-target.js';
import type { WebSocketConfig } from './web-socket-config.js';

/** Why a request does not become a WebSocket. */
export interface UpgradeRefusal {
  /** Status of HTTP. */
  readonly status: number;
  /** For the log. */
  readonly problem: string;
  /** Fields of the answer, each with its line end. */
  readonly fields: string;
}

/** What is looked at. */
export type UpgradeRequest = AskingRequest & Pick<IncomingMessage, 'method' | 'headers'>;

/** The only version that is spoken. Source: RFC 6455, section 4.2.1. */
const VERSION = '13';

const refusal = (status: number, problem: string, fields = ''): UpgradeRefusal => ({ status, problem, fields });

/** Who may pass from HTTP to WebSocket on one port. */
export class UpgradeCheck {
  readonly #path: string;
  readonly #scheme: PageScheme;
  readonly #hosts: HostList;
  readonly #origins: OriginList;

  constructor(path: string, scheme: PageScheme, { hosts, origins }: WebSocketConfig) {
    this.#path = path;
    this.#scheme = scheme;
    this.#hosts = new HostList(hosts);
    this.#origins = new OriginList(origins);
  }

  /** @returns why it may not; undefined when it may. */
  refusalOf(request: UpgradeRequest): UpgradeRefusal | undefined {
    const { method, headers } = request;
    const target = requestTarget(request);
    if (typeof target === 'string') return refusal(400, target);
    if (method !== 'GET') return refusal(405, `a WebSocket begins with GET, not ${String(method)}`, 'Allow: GET\r\n');
    if (lowerAscii(headers.upgrade ?? '') !== 'websocket') {
      return refusal(426, 'the request wants another protocol than WebSocket', 'Upgrade: websocket\r\n');
    }
    if (headers['sec-websocket-version'] !== VERSION) {
      return refusal(426, `the request has not version ${VERSION}`, `Sec-WebSocket-Version: ${VERSION}\r\n`);
    }
    const { path, authority } = target;
    if (!this.#hosts.serves(authority)) return refusal(421, `the host ${authority.host} is not served (hosts)`);
    if (path !== this.#path) return refusal(404, `no WebSocket at ${path}`);
    if (!this.#origins.allows(headers.origin, authority, this.#scheme)) {
      return refusal(403, `the origin ${String(headers.origin)} is not allowed (origins)`);
    }
    return undefined;
  }
}
