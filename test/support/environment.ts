import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * What every test and every program that tests start finds in its environment: plain text is written, whatever the
 * terminal of the tests is, and whatever `CI`, `NO_COLOR` and `FORCE_COLOR` say (the test runner passes colours on, and
 * what a program writes is compared). Programs are looked for where the PATH of users need not lead too:
 * where Debian has servers, and where `npm run runtimes` puts Bun and Deno.
 */
const runtimes = process.env['TARSIER_RUNTIMES'] ?? join(homedir(), '.cache/tarsier-runtimes');
delete process.env['FORCE_COLOR'];
process.env['NO_COLOR'] = '1';
process.env['PATH'] = [process.env['PATH'] ?? '', '/usr/sbin', join(runtimes, 'bin')].join(delimiter);
