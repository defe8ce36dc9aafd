#!/usr/bin/env node
import { run } from './run.js';

const { output, error, code } = await run(process.argv.slice(2));
process.stdout.write(output);
process.stderr.write(error);
process.exitCode = code;
