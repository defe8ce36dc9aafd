import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ConfigException, TarsConfig } from '@tarsier/protocol';
import type { ApplicationConfig } from './application-config.js';
import { SERVER_DOMAIN } from './server-domain.js';

/** A configuration, and the file that it came from; empty when it came as an object. */
export interface LoadedConfig {
  readonly config: TarsConfig;
  readonly file: string;
}

/** What `main` takes: a command line, the keys as an object, or the text of a configuration. */
export type ConfigSource = readonly string[] | ApplicationConfig | string;

/**
 * The configuration that `main` was given: a command line with `--config=FILE`, an object, or the text of a configuration, as
 * `Application::main` of TarsCpp takes it.
 *
 * @throws ConfigException when `--config` is missing, the file cannot be read, it is malformed or configures no server, or the source is none of these.
 */
export async function loadConfig(source: ConfigSource): Promise<LoadedConfig> {
  if (typeof source === 'string') return { config: parseServer(source, undefined), file: '' };
  if (typeof source !== 'object' || source === null) {
    throw new ConfigException(
      `main() was given ${source === null ? 'null' : typeof source}; give it the command line, an object, or the text of a configuration`,
    );
  }
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
  return { config: parseServer(text, file), file };
}

/** A text without a server section is another file, or no configuration at all: its server would serve nobody. */
function parseServer(text: string, file: string | undefined): TarsConfig {
  const config = TarsConfig.parse(text, file === undefined ? {} : { file });
  if (config.hasDomain(SERVER_DOMAIN)) return config;
  const what = file ?? 'the text that main() was given';
  throw new ConfigException(`${what} configures no server: it has no domain ${SERVER_DOMAIN}`, {
    where: { ...(file !== undefined && { file }), key: SERVER_DOMAIN },
  });
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
