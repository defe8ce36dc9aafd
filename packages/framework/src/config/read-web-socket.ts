import { hostProblem } from '../transport/host-list.js';
import { originProblem } from '../transport/origin-list.js';
import type { WebSocketConfig } from '../transport/web-socket-config.js';
import type { AdapterKeysSection } from './config-sections.js';

/**
 * The WebSocket keys of an adapter.
 *
 * @throws ConfigException with file, line and key; also for an entry of `hosts` or `origins` that could match nothing.
 */
export function readWebSocket(section: AdapterKeysSection, maxReceiveBytes: number): WebSocketConfig {
  return {
    isTextAllowed: section.flag('wstext'),
    pingMs: section.number('wsping'),
    maxMessageBytes: section.number('wsmaxmessage', maxReceiveBytes),
    hosts: readList(section, 'hosts', 'names such as www.example.com or *.example.com', hostProblem),
    origins: readList(section, 'origins', '* or origins such as https://www.example.com', originProblem),
  };
}

function readList(
  section: AdapterKeysSection,
  key: 'hosts' | 'origins',
  form: string,
  problemOf: (entry: string) => string | undefined,
): readonly string[] {
  const text = section.text(key);
  const entries = text.split(/[;,\s]/).filter((entry) => entry !== '');
  for (const entry of entries) {
    const problem = problemOf(entry);
    if (problem !== undefined) throw section.error(key, `${form}; ${entry}: ${problem}`);
  }
  // A list that was meant to restrict, and does not.
  if (entries.length === 0 && text !== '') throw section.error(key, form);
  return entries;
}
