/**
 * write: one change of a call with its events, if the writer owns the call and has seen its last version.
 * reassert: as write, also for calls of an earlier epoch of the same node.
 *   KEYS node lease nodes call own ids expiry events cdrs
 *   ARGV nodeId epoch leaseMs nodeTtlMs callId expectedVersion generation opId state ended(0|1) ttlMs
 *        eventsMaxlen eventsTtlMs cdr('' is none) cdrsMaxlen cdrsTtlMs lost [opId events]*lost event*
 *   lost: earlier writes of this version whose answers never came; if the last of them was carried out, the call is
 *   where the writer means it to be, and as many of the events are in the log already.
 *   returns [stored, version, repeated(0|1)], [version, actual] or [fenced]
 * A call that is missing or behind its writer is one that Redis lost: the writer's copy counts.
 */
export const writeLua = `
-- How many of the new write's events an earlier one has logged whose answer was lost; nil when it was not carried out.
local function logged_before(row, args)
  for i = 18, 16 + 2 * tonumber(args[17]), 2 do
    if args[i] == row[5] then return tonumber(args[i + 1]) end
  end
  return nil
end

-- The answer that keeps the write from being carried out, or nil; then how many events are logged already.
local function judge(row, args, any_epoch)
  local node_id, epoch = args[1], tonumber(args[2])
  local expected, generation = tonumber(args[6]), tonumber(args[7])
  if not row[1] then return nil end
  local row_generation, row_version = tonumber(row[3]), tonumber(row[4])
  if generation > row_generation then return nil end
  if generation < row_generation or row[1] ~= node_id then return {'fenced'} end
  if not any_epoch and tonumber(row[2]) ~= epoch then return {'fenced'} end
  if row_version <= expected then return nil end
  if row[5] == args[8] then return {'stored', row_version, 1} end
  local logged = logged_before(row, args)
  if logged then return nil, logged end
  return {'version', row_version}
end

local function put(keys, args, any_epoch)
  local epoch = tonumber(args[2])
  local state = standing(keys[1], epoch)
  if state == 'fenced' or state == 'superseded' then return {'fenced'} end
  if state == 'forgotten' then
    restore_node(keys[1], epoch)
    keep_node(keys[1], keys[2], keys[3], args[1], epoch, args[3], args[4])
  end
  local row = redis.call('HMGET', keys[4], 'o', 'f', 'g', 'v', 'op', 'x')
  local answer, logged = judge(row, args, any_epoch)
  if answer then
    -- Done before, perhaps by an earlier incarnation of the writer: from here on it is this one's.
    if answer[1] == 'stored' then redis.call('HSET', keys[4], 'f', args[2]) end
    return answer
  end
  local ended, ttl = args[10] == '1', tonumber(args[11])
  local version = (logged and tonumber(row[4]) or tonumber(args[6])) + 1
  redis.call('HSET', keys[4], 'o', args[1], 'f', args[2], 'g', args[7], 'v', whole(version),
    'op', args[8], 's', args[9], 'x', args[10])
  redis.call('PEXPIRE', keys[4], args[11])
  if not row[1] then redis.call('ZADD', keys[6], 0, args[5]) end
  if ended then redis.call('SREM', keys[5], args[5])
  elseif row[1] ~= args[1] then redis.call('SADD', keys[5], args[5]) end
  if ended or not row[1] then
    redis.call('ZADD', keys[7], whole(now_ms() + ttl), args[5])
    for i = 5, 7 do extend(keys[i], ttl) end
  end
  append_events(keys[8], args[12], args[13], args, 18 + 2 * tonumber(args[17]) + (logged or 0))
  -- An earlier write that ended the call has brought the record already.
  if args[14] ~= '' and row[6] ~= '1' then
    redis.call('XADD', keys[9], 'MAXLEN', '~', args[15], '*', 'c', args[14])
    redis.call('PEXPIRE', keys[9], args[16])
  end
  return {'stored', version, 0}
end

redis.register_function('%NAME%_write', function(keys, args) return put(keys, args, false) end)
redis.register_function('%NAME%_reassert', function(keys, args) return put(keys, args, true) end)
`;
