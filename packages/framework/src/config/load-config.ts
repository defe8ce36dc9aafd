import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ConfigException, TarsConfig } from '@tarsier/protocol';
import type { ApplicationConfig } from './application-config.js';

/** A configuration, and the file that it came from; empty when it came as an object. */
export interface LoadedConfig {
  readonly config: TarsConfig;
  readonly file: string;
}

/**
 * The configuration that `main` was given: a command line with `--config=FILE`, or an object.
 *
 * @throws ConfigException when `--config` is missing, the file cannot be read, or it is malformed.
 */
export async function loadConfig(source: readonly string[] | ApplicationConfig): Promise<LoadedConfig> {
  if (!isCommandLine(source)) return { config: fromObject(source), file: '' };
  const { values } = parseArgs({ args: [...source], options: { config: { type: 'string' } }, strict: false });
  const file = values['config'];
  if (typeof file !== 'string' || file === '') {
    throw new ConfigException('no configuration: start the server with --config=FILE, or give main() an object', {
      code: 'TARSIER_CONFIG_MISSING',
      where: { key: '--config' },
    });
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigException(`the configuration file ${file} cannot be read: ${why}`, { cause, where: { file } });
  }
  return { config: TarsConfig.parse(text, { file }), file };
}

function isCommandLine(source: readonly string[] | ApplicationConfig): source is readonly string[] {
  return Array.isArray(source);
}

function fromObject(source: ApplicationConfig): TarsConfig {
  const { adapters = {}, client = {}, ...server } = source;
  const app = server.app ?? 'UNKNOWN';
  const prefix = server.server === undefined ? '' : `${app}.${server.server}.`;
  const sections = Object.entries(adapters).map(([name, adapter]) => {
    const servant = adapter.servant.includes('.') ? adapter.servant : prefix + adapter.servant;
    return [name, { ...adapter, servant }] as const;
  });
  return TarsConfig.fromObject({
    tars: { application: { server: { ...server, ...Object.fromEntries(sections) }, client: { ...client } } },
  });
}
