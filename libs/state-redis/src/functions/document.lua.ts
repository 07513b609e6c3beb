/**
 * documentWrite: one document of a collection, if the writer has seen its last version.
 *   KEYS collection · ARGV id expectedVersion opId content maxDocuments ttlMs
 *   returns [stored, version], [version, actual] or [full]
 * A value is "version opId content". The collection lives for ttlMs after it was last written or listed.
 */
export const documentLua = `
redis.register_function('%NAME%_documentWrite', function(keys, args)
  local known = redis.call('HGET', keys[1], args[1])
  local version, op = 0, nil
  if known then
    local v, o = string.match(known, '^(%d+) (%S+) ')
    version, op = tonumber(v), o
  end
  if op == args[3] then return {'stored', version} end
  if version ~= tonumber(args[2]) then return {'version', version} end
  if not known and redis.call('HLEN', keys[1]) >= tonumber(args[5]) then return {'full'} end
  redis.call('HSET', keys[1], args[1], whole(version + 1) .. ' ' .. args[3] .. ' ' .. args[4])
  redis.call('PEXPIRE', keys[1], args[6])
  return {'stored', version + 1}
end)
`;
