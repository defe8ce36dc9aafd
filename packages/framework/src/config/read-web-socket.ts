import type { WebSocketConfig } from '../transport/web-socket-config.js';
import type { AdapterKeysSection } from './config-sections.js';

/** The WebSocket keys of an adapter. */
export function readWebSocket(section: AdapterKeysSection, maxReceiveBytes: number): WebSocketConfig {
  const origins = section
    .text('origins')
    .split(/[;,\s]+/)
    .filter((origin) => origin !== '');
  const bad = origins.find((origin) => origin !== '*' && !/^https?:\/\/(\*\.)?[^/*\s]+$/.test(origin));
  if (bad !== undefined) {
    throw section.error('origins', `* or origins such as https://www.example.com, not ${bad}`);
  }
  return {
    isTextAllowed: section.flag('wstext'),
    pingMs: section.number('wsping'),
    maxMessageBytes: section.number('wsmaxmessage', maxReceiveBytes),
    origins,
  };
}
