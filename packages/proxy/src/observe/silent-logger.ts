import type { Logger } from '@tarsier/protocol';

const ignore = (): void => undefined;

/** The logger of a communicator that was given none. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
