import { delimiter } from 'node:path';

/**
 * What every test and every program that tests start finds in its environment: plain text is written, whatever the
 * terminal of the tests is, and whatever `CI`, `NO_COLOR` and `FORCE_COLOR` say (the test runner passes colours on, and
 * what a program writes is compared). Debian has servers where the PATH of users need not lead.
 */
delete process.env['FORCE_COLOR'];
process.env['NO_COLOR'] = '1';
process.env['PATH'] = [process.env['PATH'] ?? '', '/usr/sbin'].join(delimiter);
