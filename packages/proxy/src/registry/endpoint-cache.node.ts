import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Endpoint, type Logger, parseObjectString, TarsConfig } from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';
import type { ResolveTarget } from '../resolve/resolver.js';
import type { KnownNodes } from './known-nodes.js';
import type { RegistrySettings } from './registry-settings.js';

/** What is being written, by file: one after the other, because each writes what it has read. */
const writing = new Map<string, Promise<void>>();

/**
 * The nodes that a registry has told, on disk: `/cache/<locator>` of a TARS configuration file, with the keys `<Obj>[:set]` and
 * `inactive_<Obj>[:set]`. Whatever goes wrong with it is logged, and does no other harm.
 *
 * Source: EndpointManager::setEndPointToCache, loadFromCache (TarsCpp).
 */
export class EndpointCache {
  readonly #file: string;
  readonly #domain: string;
  readonly #logger: Logger;

  constructor({ cacheFile, locator, setDivision }: RegistrySettings, logger: Logger) {
    this.#file = cacheFile;
    this.#logger = logger;
    const { endpoints } = parseObjectString(locator);
    const set = setDivision === '' ? '' : `_${setDivision}`;
    // A domain has none of these in its name.
    this.#domain = `/cache/${(endpoints.map(String).toSorted().join(':') + set).replace(/[/<>]/g, '_')}`;
  }

  /** What was stored last; undefined when there is nothing. */
  async load(target: ResolveTarget): Promise<KnownNodes | undefined> {
    if (this.#file === '') return undefined;
    try {
      const entries = (await this.#read()).getDomainMap(this.#domain);
      const listOf = (key: string): Endpoint[] => {
        const text = entries.get(key) ?? '';
        return text === '' ? [] : Endpoint.parseList(text);
      };
      const nodes = { active: listOf(keyOf(target)), inactive: listOf(`inactive_${keyOf(target)}`) };
      return nodes.active.length === 0 ? undefined : nodes;
    } catch (cause) {
      this.#report('read', cause);
      return undefined;
    }
  }

  /** Writes the whole file anew, in place of the old one when it is complete. */
  store(target: ResolveTarget, nodes: KnownNodes): Promise<void> {
    if (this.#file === '') return Promise.resolve();
    const before = writing.get(this.#file) ?? Promise.resolve();
    const now = before.then(() => this.#write(target, nodes));
    writing.set(this.#file, now);
    return now;
  }

  async #write(target: ResolveTarget, { active, inactive }: KnownNodes): Promise<void> {
    try {
      const config = await this.#read();
      config.insertDomainParam(
        this.#domain,
        [
          [keyOf(target), active.join(':')],
          [`inactive_${keyOf(target)}`, inactive.join(':')],
        ],
        true,
      );
      await mkdir(dirname(this.#file), { recursive: true });
      await replaceFile(this.#file, config.toString());
    } catch (cause) {
      this.#report('written', cause);
    }
  }

  /** The file as it is; an empty one when there is none, or it is broken. */
  async #read(): Promise<TarsConfig> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (cause) {
      if (causeText(cause) === 'ENOENT') return TarsConfig.parse('');
      throw cause;
    }
    try {
      return TarsConfig.parse(text, { file: this.#file });
    } catch (cause) {
      this.#report('read', cause);
      return TarsConfig.parse('');
    }
  }

  #report(what: string, cause: unknown): void {
    const file = this.#file;
    const text = `the cache of nodes ${file} could not be ${what}: ${causeText(cause)}; look at the property cache-file or datapath`;
    this.#logger.warn(text, { file, error: cause });
  }
}

/** Other processes and threads see the old file or the new one, and nothing between. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${crypto.randomUUID()}`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

function keyOf({ name, setName }: ResolveTarget): string {
  return setName === undefined ? name : `${name}:${setName}`;
}
