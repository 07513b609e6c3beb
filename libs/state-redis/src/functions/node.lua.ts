/**
 * register: a fresh epoch for a node; older incarnations are superseded.
 *   KEYS node lease nodes · ARGV nodeId leaseMs nodeTtlMs · returns epoch
 * heartbeat: renews the lease, also one that lapsed, registers again what a flush forgot; tidies indexes.
 *   KEYS node lease nodes own ids expiry events
 *   ARGV nodeId epoch leaseMs nodeTtlMs indexTtlMs callPrefix eventsTtlMs · returns standing birth
 *   standing is ok, forgotten, fenced or superseded; birth changes when Redis has lost the node in between.
 * fence: takes a node's rights away if it has had no lease for suspectMs, or at once when forced.
 *   KEYS node lease · ARGV force(0|1) suspectMs nodeTtlMs · returns alive, suspect or fenced
 * leave: a node fences itself.
 *   KEYS node lease · ARGV epoch nodeTtlMs · returns 1 when it did
 * peers: the nodes that Redis has heard of.
 *   KEYS nodes · ARGV nodePrefix leasePrefix ownPrefix · returns [id, epoch, alive(0|1), fenced(0|1), live calls]*
 */
export const nodeLua = `
redis.register_function('%NAME%_register', function(keys, args)
  local node = redis.call('HMGET', keys[1], 'e', 'x')
  local epoch = math.max(now_ms(), (tonumber(node[1]) or 0) + 1, (tonumber(node[2]) or 0) + 1)
  redis.call('HSET', keys[1], 'e', whole(epoch), 'b', whole(epoch))
  redis.call('HDEL', keys[1], 's')
  keep_node(keys[1], keys[2], keys[3], args[1], epoch, args[2], args[3])
  return epoch
end)

-- Drops ids whose calls have expired, and notes the new time of those that were renewed.
local function tidy(ids_key, expiry_key, own_key, call_prefix)
  local now = now_ms()
  local due = redis.call('ZRANGEBYSCORE', expiry_key, '-inf', whole(now), 'LIMIT', 0, 200)
  for _, id in ipairs(due) do
    local expires = redis.call('PEXPIRETIME', call_prefix .. id)
    if expires > now then
      redis.call('ZADD', expiry_key, whole(expires), id)
    else
      redis.call('ZREM', expiry_key, id)
      redis.call('ZREM', ids_key, id)
      redis.call('SREM', own_key, id)
    end
  end
end

redis.register_function{function_name = '%NAME%_heartbeat', flags = {'allow-oom'}, callback = function(keys, args)
  local epoch = tonumber(args[2])
  local state = standing(keys[1], epoch)
  if state == 'fenced' or state == 'superseded' then return {state, 0} end
  if state == 'forgotten' then restore_node(keys[1], epoch) end
  redis.call('HDEL', keys[1], 's')
  keep_node(keys[1], keys[2], keys[3], args[1], epoch, args[3], args[4])
  local node_ttl, index_ttl = tonumber(args[4]), tonumber(args[5])
  redis.call('ZREMRANGEBYSCORE', keys[3], '-inf', whole(now_ms() - node_ttl))
  for i = 4, 6 do extend(keys[i], index_ttl) end
  tidy(keys[5], keys[6], keys[4], args[6])
  redis.call('XTRIM', keys[7], 'MINID', '~', whole(now_ms() - tonumber(args[7])))
  return {state, tonumber(redis.call('HGET', keys[1], 'b'))}
end}

local function fence_node(node_key, lease_key, node_ttl)
  local node = redis.call('HMGET', node_key, 'e', 'x')
  local upto = math.max(tonumber(node[1]) or now_ms(), tonumber(node[2]) or 0)
  redis.call('HSET', node_key, 'x', whole(upto))
  redis.call('HDEL', node_key, 's')
  redis.call('DEL', lease_key)
  extend(node_key, tonumber(node_ttl))
  return 'fenced'
end

redis.register_function{function_name = '%NAME%_fence', flags = {'allow-oom'}, callback = function(keys, args)
  if args[1] == '1' then return fence_node(keys[1], keys[2], args[3]) end
  if redis.call('EXISTS', keys[2]) == 1 then return 'alive' end
  local node = redis.call('HMGET', keys[1], 'e', 'x', 's')
  local registered, fenced = tonumber(node[1]), tonumber(node[2])
  if fenced and (not registered or registered <= fenced) then return 'fenced' end
  local now = now_ms()
  local since = tonumber(node[3])
  if since and now - since >= tonumber(args[2]) then return fence_node(keys[1], keys[2], args[3]) end
  if not since then
    redis.call('HSET', keys[1], 's', whole(now))
    extend(keys[1], tonumber(args[3]))
  end
  return 'suspect'
end}

redis.register_function{function_name = '%NAME%_leave', flags = {'allow-oom'}, callback = function(keys, args)
  if standing(keys[1], tonumber(args[1])) ~= 'ok' then return 0 end
  fence_node(keys[1], keys[2], args[2])
  return 1
end}

redis.register_function{function_name = '%NAME%_peers', flags = {'no-writes'}, callback = function(keys, args)
  local found = {}
  for _, id in ipairs(redis.call('ZRANGE', keys[1], 0, -1)) do
    local node = redis.call('HMGET', args[1] .. id, 'e', 'x')
    local epoch, fenced = tonumber(node[1]) or 0, tonumber(node[2]) or 0
    table.insert(found, id)
    table.insert(found, epoch)
    table.insert(found, redis.call('EXISTS', args[2] .. id))
    table.insert(found, (fenced > 0 and epoch <= fenced) and 1 or 0)
    table.insert(found, redis.call('SCARD', args[3] .. id))
  end
  return found
end}
`;
