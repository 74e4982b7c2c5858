--[[
Appends one batch of events to a recording: one XADD, atomic, idempotent, gap-marking.

KEYS[1] raw stream   KEYS[2] sequence hash   KEYS[3] recent sorted set   KEYS[4] dead-letters stream
ARGV[1] entry id, or * for the live recording
ARGV[2] recording
ARGV[3] receive time of the first event, µs
ARGV[4] facts of each event: "kind,predecessor,sequence,deltaUs,digest;" (digest only where no sequence identifies it)
ARGV[5] 1 where the batch is continuous in itself
ARGV[6] traceparent or ""
ARGV[7] number J of joins, ARGV[8] number R of remembered events, ARGV[9] number N of events
then    J joins: channel, kind, predecessor of the first event, sequence of the first, sequence of the last
then    R members of the recent set
then    the header pairs of the whole batch, then N pairs channel, payload

Output: the entry id where the whole batch was appended as it is, else an array: entry id or "", then
        "duplicate", index | "gap", index, expected, found, reason | "dead-letter", index, reason
        Indices count the batch's events from 0. An explicit id that is not above the last gives {"", "present"}.

The sequence hash holds channel → sequence of its last event, and besides
":entryId"       the last explicit id
"<channel>:gaps" the last gaps of the channel, "from-to," each: sequences in (from, to] are missing
A sequence that ends in "?" precedes a gap that is marked already and of unknown extent.
Sequences are below 2^53, which Lua's numbers hold exactly.
]]

-- Twice the largest batch, so that a batch sent again is recognised whole.
local REMEMBERED_MAX = 1024
local GAPS_REMEMBERED_BYTES_MAX = 1024
local DEAD_LETTERS_MAX = 100000
local JOINS_AT = 10

local function text(number)
  return string.format('%.0f', number)
end

local function is_not_above(id, last)
  local ms, n = string.match(id, '^(%d+)-(%d+)$')
  local last_ms, last_n = string.match(last, '^(%d+)-(%d+)$')
  ms, last_ms = tonumber(ms), tonumber(last_ms)
  return ms < last_ms or (ms == last_ms and tonumber(n) <= tonumber(last_n))
end

-- The score counts the calls: times may go back, and then a new member would be the first to go.
local function remember(key, members)
  local top = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')
  local score = text((tonumber(top[2]) or 0) + 1)
  local scored = {}
  for i, member in ipairs(members) do
    scored[i * 2 - 1], scored[i * 2] = score, member
  end
  redis.call('ZADD', key, unpack(scored))
  redis.call('ZREMRANGEBYRANK', key, 0, -REMEMBERED_MAX - 1)
end

-- The whole batch at once; nil where it does not join the log.
local function append_whole(keys, args)
  local joins, remembered = tonumber(args[7]), tonumber(args[8])
  local members_at = JOINS_AT + joins * 5
  local pairs_at = members_at + remembered
  local channels, values, size = {}, {}, 0
  for j = 1, joins do
    channels[j] = args[JOINS_AT + (j - 1) * 5]
  end
  local last = joins > 0 and redis.call('HMGET', keys[2], unpack(channels)) or {}
  for j = 1, joins do
    local at = JOINS_AT + (j - 1) * 5
    local kind = args[at + 1]
    if last[j] then
      if kind == 'linked' or kind == 'counted' then
        if args[at + 2] ~= last[j] then return nil end
      elseif tonumber(args[at + 3]) <= tonumber(last[j]) then
        return nil
      end
    end
    values[size + 1], values[size + 2] = channels[j], args[at + 4]
    size = size + 2
  end
  local members = { unpack(args, members_at, pairs_at - 1) }
  if remembered > 0 then
    local scores = redis.call('ZMSCORE', keys[3], unpack(members))
    for r = 1, remembered do
      if scores[r] then return nil end
    end
  end
  local id = redis.call('XADD', keys[1], args[1], unpack(args, pairs_at))
  if args[1] ~= '*' then
    values[size + 1], values[size + 2] = ':entryId', id
    size = size + 2
  end
  if size > 0 then redis.call('HSET', keys[2], unpack(values)) end
  if remembered > 0 then remember(keys[3], members) end
  return id
end

-- What the log knows of the channels, read once and written back once.
local function sequence_state(key)
  local values, changed = {}, {}
  local state = {}
  function state.get(field)
    if values[field] == nil then values[field] = redis.call('HGET', key, field) end
    return values[field]
  end
  function state.set(field, value)
    values[field], changed[field] = value, value
  end
  function state.write()
    for field, value in pairs(changed) do
      redis.call('HSET', key, field, value)
    end
  end
  return state
end

local function note_gap(state, channel, from, to)
  local gaps = (state.get(channel .. ':gaps') or '') .. text(from) .. '-' .. text(to) .. ','
  if #gaps > GAPS_REMEMBERED_BYTES_MAX then gaps = string.gsub(gaps, '^[^,]*,', '') end
  state.set(channel .. ':gaps', gaps)
end

local function is_in_gap(state, channel, sequence)
  for from, to in string.gmatch(state.get(channel .. ':gaps') or '', '(%d+)-(%d+),') do
    if sequence > tonumber(from) and sequence <= tonumber(to) then return true end
  end
  return false
end

local function gap_payload(channel, expected, found, reason)
  local function quoted(value)
    return value and '"' .. value .. '"' or 'null'
  end
  return '{"channel":"' .. channel .. '","expected":' .. quoted(expected) .. ',"found":' .. quoted(found)
    .. ',"reason":"' .. reason .. '"}'
end

-- Event by event, where the batch does not join the log.
local function append_each(keys, args)
  local state = sequence_state(keys[2])
  local remembered, is_remembered = {}, {}
  local report = {}
  local fields, deltas_us, count = {}, {}, 0
  local receive_time_us = tonumber(args[3])
  -- The header of the batch stays behind: its times speak of events that may be refused.
  local event_at = #args - tonumber(args[9]) * 2 + 1
  local index = 0

  local function report_as(...)
    for _, value in ipairs({ ... }) do
      report[#report + 1] = tostring(value)
    end
  end

  local function put(channel, payload, delta_us)
    count = count + 1
    fields[count * 2 - 1], fields[count * 2] = channel, payload
    deltas_us[count] = delta_us
  end

  local function put_gap(channel, expected, found, reason, delta_us)
    put('gap', gap_payload(channel, expected, found, reason), delta_us)
    report_as('gap', index, expected or '', found or '', reason)
  end

  local function is_recent(member)
    return is_remembered[member] or redis.call('ZSCORE', keys[3], member)
  end

  local function note(member)
    is_remembered[member] = true
    remembered[#remembered + 1] = member
  end

  local function dead_letter(channel, payload, member, delta_us, reason)
    note(member)
    redis.call('XADD', keys[4], 'MAXLEN', '~', DEAD_LETTERS_MAX, '*', 'recording', args[2], 'channel', channel,
      'reason', reason, 'receiveTimeUs', text(receive_time_us + delta_us), 'payload', payload)
    report_as('dead-letter', index, reason)
  end

  local function append_chained(kind, channel, payload, predecessor, sequence, delta_us)
    local last = state.get(channel)
    if last and predecessor ~= last then
      -- Without a "?" that may stand behind it.
      local last_number, sequence_number = tonumber(string.match(last, '%d+')), tonumber(sequence)
      local is_marked = last ~= text(last_number)
      if sequence_number <= last_number then
        local member = channel .. ':' .. redis.sha1hex(payload)
        if is_in_gap(state, channel, sequence_number) and not is_recent(member) then
          dead_letter(channel, payload, member, delta_us, 'late: its gap is already marked')
        else
          report_as('duplicate', index)
        end
        return
      end
      note_gap(state, channel, last_number, tonumber(predecessor))
      if not is_marked then
        local offset = kind == 'counted' and 1 or 0
        local expected, found = text(last_number + offset), text(tonumber(predecessor) + offset)
        put_gap(channel, expected, found, 'sequence', delta_us)
      end
    end
    state.set(channel, sequence)
    put(channel, payload, delta_us)
  end

  -- Two events may share a time, so their texts decide; two snapshots of one update id are the same.
  local function append_recognised(kind, channel, payload, sequence, delta_us, member)
    local last = state.get(channel)
    if last and tonumber(sequence) <= tonumber(last) then
      local is_same = kind == 'snapshot' and sequence == last
      if is_same or is_recent(member) then return report_as('duplicate', index) end
      if sequence ~= last then
        dead_letter(channel, payload, member, delta_us, 'late: ' .. sequence .. ' after ' .. last)
        -- A missing snapshot is no gap: others follow.
        if kind == 'time' then put_gap(channel, nil, nil, 'dead-letter', delta_us) end
        return
      end
    end
    note(member)
    state.set(channel, sequence)
    put(channel, payload, delta_us)
  end

  -- A gap that the recorder marks: `sequence` is what the channel's next event must follow, "" where it is not known.
  local function append_gap(channel, payload, gap_channel, sequence, delta_us, member)
    local last = state.get(gap_channel)
    local last_number = last and tonumber(string.match(last, '%d+'))
    local is_closed = last and sequence ~= '' and tonumber(sequence) <= last_number
    if is_recent(member) or is_closed then return report_as('duplicate', index) end
    if sequence ~= '' then
      if last then note_gap(state, gap_channel, last_number, tonumber(sequence)) end
      state.set(gap_channel, sequence)
    elseif last then
      state.set(gap_channel, text(last_number) .. '?')
    end
    note(member)
    put(channel, payload, delta_us)
  end

  for kind, predecessor, sequence, delta, member in string.gmatch(args[4], '([^,]*),([^,]*),([^,]*),([^,]*),([^;]*);') do
    local channel, payload = args[event_at + index * 2], args[event_at + index * 2 + 1]
    local delta_us = tonumber(delta)
    if kind == 'linked' or kind == 'counted' then
      append_chained(kind, channel, payload, predecessor, sequence, delta_us)
    elseif kind == 'time' or kind == 'snapshot' then
      append_recognised(kind, channel, payload, sequence, delta_us, member)
    elseif kind == 'gap' then
      append_gap(channel, payload, predecessor, sequence, delta_us, member)
    elseif kind == 'ascending' then
      local last = state.get(channel)
      if last and tonumber(sequence) <= tonumber(last) then
        report_as('duplicate', index)
      else
        state.set(channel, sequence)
        put(channel, payload, delta_us)
      end
    elseif is_recent(member) then
      report_as('duplicate', index)
    elseif kind == 'own' then
      note(member)
      put(channel, payload, delta_us)
    else
      -- Unreadable. A chained channel shows the gap with its next event.
      dead_letter(channel, payload, member, delta_us, 'no usable source sequence: integers below 2^53, above the predecessor')
      if kind == 'unreadable' then put_gap(channel, nil, nil, 'dead-letter', delta_us) end
    end
    index = index + 1
  end

  local id = ''
  if count > 0 then
    local entry = { 'v', '1', 'receiveTimeUs', text(receive_time_us + deltas_us[1]) }
    local relative, is_spread = {}, false
    for i = 1, count do
      relative[i] = text(deltas_us[i] - deltas_us[1])
      is_spread = is_spread or deltas_us[i] ~= deltas_us[1]
    end
    if is_spread then
      entry[#entry + 1] = 'receiveTimeDeltasUs'
      entry[#entry + 1] = table.concat(relative, ',')
    end
    if args[6] ~= '' then
      entry[#entry + 1] = 'traceparent'
      entry[#entry + 1] = args[6]
    end
    for i = 1, count * 2 do
      entry[#entry + 1] = fields[i]
    end
    id = redis.call('XADD', keys[1], args[1], unpack(entry))
    if args[1] ~= '*' then state.set(':entryId', id) end
  end
  state.write()
  if #remembered > 0 then remember(keys[3], remembered) end
  return { id, unpack(report) }
end

redis.register_function(FUNCTION_NAME, function(keys, args)
  if args[1] ~= '*' then
    local last = redis.call('HGET', keys[2], ':entryId')
    if last and is_not_above(args[1], last) then return { '', 'present' } end
  end
  local id = args[5] == '1' and append_whole(keys, args)
  if id then return id end
  return append_each(keys, args)
end)
