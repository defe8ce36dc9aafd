/** What `--help` prints. */
export const usage = `tars2ts [options] <files...>

Turns .tars files, and what they include, into TypeScript: Hello.tars becomes Hello.ts with structs, proxies and callbacks,
and HelloServant.ts with the servants.

  --out DIR                folder for the output; without it each file goes beside its source
  --include DIR            folder for included files, after that of the including file; may be given several times
  --only WHAT              structs, client (structs, proxies, callbacks), server (structs, servants), or all (default)
  --plain                  interfaces and constants in place of classes
  --long TYPE              what a long is: bigint (default) or number
  --import-extension EXT   how generated files import each other: .js (default), .ts, or none
  --with-tars              allows names that begin with "tars"
  --check                  writes nothing; exits with 1 when the output on disk is not what it should be
  --watch                  goes on, and compiles again when a file changes
  --version, --help

Exits with 0, with 1 when there are faults in the files, or with 2 when the command itself is wrong.
`;
