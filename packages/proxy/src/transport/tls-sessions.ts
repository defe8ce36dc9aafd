/** Of how many servers sessions are kept. */
const MAX_SESSIONS = 256;

/**
 * The TLS sessions of this process, by what they were verified for: a server that is connected again resumes, which spares both
 * sides most of the handshake. The ones used longest ago go first.
 */
const sessions = new Map<string, Buffer>();

export function sessionOf(key: string): Buffer | undefined {
  return sessions.get(key);
}

export function keepSession(key: string, session: Buffer): void {
  sessions.delete(key);
  if (sessions.size >= MAX_SESSIONS) sessions.delete(sessions.keys().next().value ?? '');
  sessions.set(key, session);
}

export function forgetSession(key: string): void {
  sessions.delete(key);
}
