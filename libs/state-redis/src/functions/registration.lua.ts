/**
 * registrationWrite: the bindings of an address-of-record with their events, if nobody has written since they were read.
 *   KEYS registration registrations registrationsDue events
 *   ARGV aor expectedVersion opId bindings sequence count dueAt ttlMs max eventsMaxlen eventsTtlMs event*
 *   returns [stored, version], [version, actual] or [full]
 * registrationList: those that have bindings, in the order of their text.
 *   KEYS registrations · ARGV after('' is the first) limit registrationPrefix
 *   returns [more(0|1), [aor, version, sequence, bindings]*]
 * registrationDue: those of which a binding has expired; forgets those that Redis let go of.
 *   KEYS registrations registrationsDue · ARGV now limit registrationPrefix · returns [aor, version, sequence, bindings]*
 */
export const registrationLua = `
local function registration(prefix, aor)
  local row = redis.call('HMGET', prefix .. aor, 'v', 'n', 's')
  if not row[1] then return nil end
  return {aor, tonumber(row[1]), tonumber(row[2]), row[3]}
end

local function index_registration(keys, aor, count, due_at, ttl)
  if count == 0 then
    redis.call('ZREM', keys[2], aor)
    redis.call('ZREM', keys[3], aor)
    return
  end
  redis.call('ZADD', keys[2], 0, aor)
  redis.call('ZADD', keys[3], due_at, aor)
  extend(keys[2], ttl)
  extend(keys[3], ttl)
end

redis.register_function('%NAME%_registrationWrite', function(keys, args)
  local aor, count, ttl = args[1], tonumber(args[6]), tonumber(args[8])
  local row = redis.call('HMGET', keys[1], 'v', 'op')
  local version = tonumber(row[1]) or 0
  if row[2] == args[3] then return {'stored', version} end
  if version ~= tonumber(args[2]) then return {'version', version} end
  local known = redis.call('ZSCORE', keys[2], aor)
  if count > 0 and not known and redis.call('ZCARD', keys[2]) >= tonumber(args[9]) then return {'full'} end
  redis.call('HSET', keys[1], 'v', whole(version + 1), 'op', args[3], 's', args[4], 'n', args[5])
  redis.call('PEXPIRE', keys[1], args[8])
  index_registration(keys, aor, count, args[7], ttl)
  append_events(keys[4], args[10], args[11], args, 12)
  return {'stored', version + 1}
end)

redis.register_function{function_name = '%NAME%_registrationList', flags = {'no-writes'}, callback = function(keys, args)
  local limit = tonumber(args[2])
  local answer, bound = {0}, args[1] == '' and '-' or '(' .. args[1]
  for _ = 1, 20 do
    local aors = redis.call('ZRANGEBYLEX', keys[1], bound, '+', 'LIMIT', 0, limit + 1)
    for _, aor in ipairs(aors) do
      bound = '(' .. aor
      local row = registration(args[3], aor)
      if row and #answer > limit then
        answer[1] = 1
        break
      elseif row then
        table.insert(answer, row)
      end
    end
    if answer[1] == 1 or #aors <= limit then break end
  end
  return answer
end}

redis.register_function{function_name = '%NAME%_registrationDue', flags = {'allow-oom'}, callback = function(keys, args)
  local found = {}
  for _, aor in ipairs(redis.call('ZRANGEBYSCORE', keys[2], '-inf', args[1], 'LIMIT', 0, args[2])) do
    local row = registration(args[3], aor)
    if row then
      table.insert(found, row)
    else
      redis.call('ZREM', keys[1], aor)
      redis.call('ZREM', keys[2], aor)
    end
  end
  return found
end}
`;
