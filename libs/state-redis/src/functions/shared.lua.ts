/** What the functions share. Times are milliseconds of Redis' own clock; epochs are such times, so they grow over a flush. */
export const sharedLua = `
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function whole(number)
  return string.format('%.0f', number)
end

-- Gives a key at least ttl milliseconds to live; a longer life stays.
local function extend(key, ttl)
  local left = redis.call('PTTL', key)
  if left == -1 or (left >= 0 and left < ttl) then redis.call('PEXPIRE', key, whole(ttl)) end
end

-- 'ok', 'forgotten' (Redis lost the node, or knows an older epoch only), 'superseded' by a newer incarnation, or 'fenced'.
local function standing(node_key, epoch)
  local node = redis.call('HMGET', node_key, 'e', 'x')
  local registered, fenced = tonumber(node[1]), tonumber(node[2])
  if registered and epoch < registered then return 'superseded' end
  if fenced and epoch <= fenced then return 'fenced' end
  if not registered or registered < epoch then return 'forgotten' end
  return 'ok'
end

-- Writes what Redis has to know of a living node.
local function keep_node(node_key, lease_key, nodes_key, node_id, epoch, lease_ms, node_ttl)
  redis.call('PEXPIRE', node_key, node_ttl)
  redis.call('SET', lease_key, whole(epoch), 'PX', lease_ms)
  redis.call('ZADD', nodes_key, whole(now_ms()), node_id)
  extend(nodes_key, tonumber(node_ttl))
end

-- Registers an epoch that Redis has handed out before and lost since.
local function restore_node(node_key, epoch)
  redis.call('HSET', node_key, 'e', whole(epoch), 'b', whole(now_ms()))
end

local function append_events(stream, maxlen, ttl, args, first)
  for i = first, #args do
    redis.call('XADD', stream, 'MAXLEN', '~', maxlen, '*', 'e', args[i])
  end
  if #args >= first then redis.call('PEXPIRE', stream, ttl) end
end
`;
