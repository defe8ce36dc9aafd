/**
 * Where log lines go. Any logger with these four methods fits; `fields` are facts that belong to the line.
 * None of them may throw.
 */
export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}
