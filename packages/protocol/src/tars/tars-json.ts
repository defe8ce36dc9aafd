/** A JSON value as TARS has it: integers beyond 2^53 are `bigint`, so that none is rounded. */
export type TarsJson = null | boolean | number | bigint | string | TarsJson[] | { [key: string]: TarsJson };
