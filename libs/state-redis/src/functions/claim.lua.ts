/**
 * claim: one batch of the live calls of fenced incarnations of a node goes over to the claimer; generation + 1.
 *   KEYS node(claimer) own(claimer) own(from) node(from) nodes
 *   ARGV nodeId epoch fromNode claimId batch cursor callPrefix
 *   returns [cursor, [id, version, generation, state]*]; cursor '0' is the end; ['fenced'] when the claimer is
 * claimed: what a claim took over whose answers were lost.
 *   KEYS own(claimer) · ARGV nodeId epoch claimId batch cursor callPrefix · returns as claim
 */
export const claimLua = `
-- Takes one call over if its owner's epoch is fenced; adds it to taken.
local function take(keys, args, id, from_epoch, from_fenced, taken)
  local call_key = args[7] .. id
  local row = redis.call('HMGET', call_key, 'o', 'f', 'g', 'v', 's')
  if row[1] ~= args[3] then
    redis.call('SREM', keys[3], id)
    return
  end
  local epoch = tonumber(row[2])
  if not (epoch <= from_fenced or epoch < from_epoch) then return end
  local generation = tonumber(row[3]) + 1
  redis.call('HSET', call_key, 'o', args[1], 'f', args[2], 'g', whole(generation), 'c', args[4])
  redis.call('SMOVE', keys[3], keys[2], id)
  extend(keys[2], redis.call('PTTL', call_key))
  table.insert(taken, {id, tonumber(row[4]), generation, row[5]})
end

redis.register_function('%NAME%_claim', function(keys, args)
  local state = standing(keys[1], tonumber(args[2]))
  if state == 'fenced' or state == 'superseded' then return {'fenced'} end
  local node = redis.call('HMGET', keys[4], 'e', 'x')
  local from_epoch, from_fenced = tonumber(node[1]) or 0, tonumber(node[2]) or 0
  local page = redis.call('SSCAN', keys[3], args[6], 'COUNT', args[5])
  local answer = {page[1]}
  for _, id in ipairs(page[2]) do take(keys, args, id, from_epoch, from_fenced, answer) end
  if from_epoch <= from_fenced and args[3] ~= args[1] and redis.call('EXISTS', keys[3]) == 0 then
    redis.call('ZREM', keys[5], args[3])
  end
  return answer
end)

redis.register_function{function_name = '%NAME%_claimed', flags = {'no-writes'}, callback = function(keys, args)
  local page = redis.call('SSCAN', keys[1], args[5], 'COUNT', args[4])
  local answer = {page[1]}
  for _, id in ipairs(page[2]) do
    local row = redis.call('HMGET', args[6] .. id, 'o', 'f', 'g', 'v', 's', 'c')
    if row[1] == args[1] and row[2] == args[2] and row[6] == args[3] then
      table.insert(answer, {id, tonumber(row[4]), tonumber(row[3]), row[5]})
    end
  end
  return answer
end}
`;
