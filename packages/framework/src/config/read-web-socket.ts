import type { TarsConfig } from '@tarsier/protocol';
import { booleanValue, configValueError, durationMsValue, sizeValue } from '@tarsier/protocol/internal';
import type { WebSocketConfig } from '../transport/web-socket-config.js';

const PING_MS = 30_000;

/** The WebSocket keys of an adapter. */
export function readWebSocket(config: TarsConfig, domain: string, maxReceiveBytes: number): WebSocketConfig {
  const origins = config
    .get(`${domain}<origins>`)
    .split(/[;,\s]+/)
    .filter((origin) => origin !== '');
  const bad = origins.find((origin) => origin !== '*' && !/^https?:\/\/(\*\.)?[^/*\s]+$/.test(origin));
  if (bad !== undefined) {
    throw configValueError(config, domain, 'origins', `* or origins such as https://www.example.com, not ${bad}`);
  }
  return {
    isTextAllowed: booleanValue(config, domain, 'wstext', false),
    pingMs: durationMsValue(config, domain, 'wsping', PING_MS),
    maxMessageBytes: sizeValue(config, domain, 'wsmaxmessage', maxReceiveBytes, { min: 1 }),
    origins,
  };
}
