/**
 * write: one change of a call with its events, if the writer owns the call and has seen its last version.
 * reassert: as write, also for calls of an earlier epoch of the same node.
 *   KEYS node lease nodes call own ids expiry events
 *   ARGV nodeId epoch leaseMs nodeTtlMs callId expectedVersion generation opId state ended(0|1) ttlMs
 *        eventsMaxlen eventsTtlMs event*
 *   returns [stored, version, repeated(0|1)], [version, actual] or [fenced]
 * A call that is missing or behind its writer is one that Redis lost: the writer's copy counts.
 */
export const writeLua = `
-- The answer that keeps the write from being carried out, or nil.
local function judge(row, node_id, epoch, expected, generation, op, any_epoch)
  if not row[1] then return nil end
  local row_generation, row_version = tonumber(row[3]), tonumber(row[4])
  if generation > row_generation then return nil end
  if generation < row_generation or row[1] ~= node_id then return {'fenced'} end
  if not any_epoch and tonumber(row[2]) ~= epoch then return {'fenced'} end
  if row[5] == op and row_version == expected + 1 then return {'stored', row_version, 1} end
  if row_version > expected then return {'version', row_version} end
  return nil
end

local function put(keys, args, any_epoch)
  local epoch, expected, generation = tonumber(args[2]), tonumber(args[6]), tonumber(args[7])
  local state = standing(keys[1], epoch)
  if state == 'fenced' or state == 'superseded' then return {'fenced'} end
  if state == 'forgotten' then
    restore_node(keys[1], epoch)
    keep_node(keys[1], keys[2], keys[3], args[1], epoch, args[3], args[4])
  end
  local row = redis.call('HMGET', keys[4], 'o', 'f', 'g', 'v', 'op')
  local answer = judge(row, args[1], epoch, expected, generation, args[8], any_epoch)
  if answer then
    -- Done before, perhaps by an earlier incarnation of the writer: from here on it is this one's.
    if answer[1] == 'stored' then redis.call('HSET', keys[4], 'f', args[2]) end
    return answer
  end
  local ended, ttl = args[10] == '1', tonumber(args[11])
  redis.call('HSET', keys[4], 'o', args[1], 'f', args[2], 'g', args[7], 'v', whole(expected + 1),
    'op', args[8], 's', args[9], 'x', args[10])
  redis.call('PEXPIRE', keys[4], args[11])
  if not row[1] then redis.call('ZADD', keys[6], 0, args[5]) end
  if ended then redis.call('SREM', keys[5], args[5])
  elseif row[1] ~= args[1] then redis.call('SADD', keys[5], args[5]) end
  if ended or not row[1] then
    redis.call('ZADD', keys[7], whole(now_ms() + ttl), args[5])
    for i = 5, 7 do extend(keys[i], ttl) end
  end
  append_events(keys[8], args[12], args[13], args, 14)
  return {'stored', expected + 1, 0}
end

redis.register_function('%NAME%_write', function(keys, args) return put(keys, args, false) end)
redis.register_function('%NAME%_reassert', function(keys, args) return put(keys, args, true) end)
`;
