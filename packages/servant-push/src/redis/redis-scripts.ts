import { createHash } from 'node:crypto';

/** A script that the server runs as one step. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS: epoch, number, stream. ARGV: an epoch for a new log. Gives epoch, last number, id of the first entry. */
export const INFO: Script = script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)
return { redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]) or '0', first[1] and first[1][1] or '' }
`);

/**
 * KEYS: epoch, number, stream, last number of the node. ARGV: epoch, number at the node, the first that is not confirmed there, bytes, entries that
 * are kept, age in ms.
 *
 * What a node sends is taken in its order without holes only, so that a repetition is known by its number.
 */
export const APPEND: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('EPOCH the log is another one') end
local number = tonumber(ARGV[2])
local known = math.max(tonumber(redis.call('GET', KEYS[4]) or '0'), tonumber(ARGV[3]) - 1)
if number <= known then return 0 end
if number ~= known + 1 then return redis.error_reply('ORDER an entry before this one is missing') end
${NOW}
local age = tonumber(ARGV[6])
local sequence = string.format('%.0f', redis.call('INCR', KEYS[2]))
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], sequence .. '-0', 't', string.format('%.0f', now), 'b', ARGV[4])
redis.call('SET', KEYS[4], ARGV[2], 'EX', 86400)
redis.call('PEXPIRE', KEYS[3], age * 2)
local keep
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 4)) do
  if tonumber(entry[2][2]) >= now - age then break end
  keep = tonumber(string.match(entry[1], '^%d+')) + 1
end
if keep then redis.call('XTRIM', KEYS[3], 'MINID', string.format('%.0f-0', keep)) end
return tonumber(sequence)
`);

/** KEYS: epoch, stream. ARGV: the epoch that it has, the next. */
export const RENEW: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('DEL', KEYS[2])
return 1
`);

/** KEYS: the value. ARGV: version, bytes, time in ms. */
export const PUT: Script = script(`
local version = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
if version > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'b', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/** KEYS: the value. ARGV: version. */
export const REMOVE: Script = script(`
if tonumber(redis.call('HGET', KEYS[1], 'v') or '0') > tonumber(ARGV[1]) then return 0 end
return redis.call('DEL', KEYS[1])
`);

/** KEYS: the nodes. ARGV: a node, time in ms; 0: it leaves. */
export const LEASE: Script = script(`
if ARGV[2] == '0' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
${NOW}
return redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
`);

/** KEYS: the nodes. */
export const NODES: Script = script(`
${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGE', KEYS[1], 0, -1)
`);
