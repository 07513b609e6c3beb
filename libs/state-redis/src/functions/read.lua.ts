/**
 * list: calls that are kept, newest first. Ids of expired ones may still be in the set.
 *   KEYS ids · ARGV after('' is the newest) limit callPrefix
 *   returns [more(0|1), [id, version, generation, owner, epoch, state, ended(0|1)]*]
 * append: events that belong to no call's write, once per opId.
 *   KEYS events appended · ARGV maxlen eventsTtlMs appendedTtlMs event* · returns 1, or 0 when it was done before
 */
export const readLua = `
redis.register_function{function_name = '%NAME%_list', flags = {'no-writes'}, callback = function(keys, args)
  local limit = tonumber(args[2])
  local answer, bound = {0}, args[1] == '' and '+' or '(' .. args[1]
  for _ = 1, 20 do
    local ids = redis.call('ZREVRANGEBYLEX', keys[1], bound, '-', 'LIMIT', 0, limit + 1)
    for _, id in ipairs(ids) do
      bound = '(' .. id
      local row = redis.call('HMGET', args[3] .. id, 'v', 'g', 'o', 'f', 's', 'x')
      if row[1] and #answer > limit then
        answer[1] = 1
        break
      elseif row[1] then
        table.insert(answer, {id, tonumber(row[1]), tonumber(row[2]), row[3], tonumber(row[4]), row[5], tonumber(row[6])})
      end
    end
    if answer[1] == 1 or #ids <= limit then break end
  end
  return answer
end}

redis.register_function('%NAME%_append', function(keys, args)
  if not redis.call('SET', keys[2], '1', 'NX', 'PX', args[3]) then return 0 end
  append_events(keys[1], args[1], args[2], args, 4)
  return 1
end)
`;
