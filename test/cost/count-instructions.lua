-- Runs a Lua image under board/lua/host.lua and writes what each piece of it cost, a piece being what lies between two answered
-- requests of the bus. The program that starts this one sets `cost = { image =, out =, mode = }`.
--
--   mode "count"   piece <kind> <nowUs>, then for each function of the image: f <line> <VM instructions> <native calls>
--                  <estimated machine instructions of these calls>; then for each kind of native: n <kind> <calls> <bytes>
--   mode "memory"  piece <kind> <nowUs>, then: m <bytes allocated>; the collector stands still meanwhile
--
-- `kind` is the number of the answered request. Bytes are proxies here, so that each index is seen: on a board it is a call into C.
local out = assert(io.open(cost.out, "w"))
local source = "@" .. cost.image
local inner = port.natives
local now_us = 0

-- Of one call into C and of each byte that it moves, in machine instructions (measured on the C runtime, rounded up).
local CALL = { index = 350, newindex = 350 }
local A_BYTE = { copy = 2, fill = 2, wipe = 2, rom = 3, equal = 4, xor = 3 }

local function last_request(request, length)
  local at = 0
  local kind
  while at < length do
    kind = request[at + 2]
    at = at + 2 + request[at] + 256 * request[at + 1]
  end
  return kind
end

local function note_time(kind, answer)
  if kind ~= 0x7f then
    return
  end
  now_us = 0
  for i = 7, 0, -1 do
    now_us = now_us * 256 + answer[i]
  end
end

local function measure_memory()
  local exchange = port.transport.exchange
  collectgarbage("stop")
  local before = collectgarbage("count")
  function port.transport:exchange(request, length, answer)
    local allocated = (collectgarbage("count") - before) * 1024
    local kind = last_request(request, length)
    out:write("piece ", kind, " ", now_us, "\nm ", allocated // 1 | 0, "\n")
    out:flush()
    local count = exchange(self, request, length, answer)
    note_time(kind, answer)
    before = collectgarbage("count")
    return count
  end
end

local instructions, calls, machine = {}, {}, {}
local natives, bytes = {}, {}

local function native(kind, length)
  local info = debug.getinfo(3, "S")
  local line = info.source == source and info.linedefined or -1
  calls[line] = (calls[line] or 0) + 1
  machine[line] = (machine[line] or 0) + (CALL[kind] or 400) + (A_BYTE[kind] or 0) * length
  natives[kind] = (natives[kind] or 0) + 1
  bytes[kind] = (bytes[kind] or 0) + length
end

local backing = setmetatable({}, { __mode = "k" })
local proxy_meta = {
  __index = function(self, key)
    native("index", 1)
    return backing[self][key]
  end,
  __newindex = function(self, key, value)
    native("newindex", 1)
    backing[self][key] = value
  end,
}

local function flush(kind)
  out:write("piece ", kind, " ", now_us, "\n")
  for line, count in pairs(instructions) do
    out:write("f ", line, " ", count, " ", calls[line] or 0, " ", machine[line] or 0, "\n")
  end
  for name, count in pairs(natives) do
    out:write("n ", name, " ", count, " ", bytes[name], "\n")
  end
  out:flush()
  instructions, calls, machine, natives, bytes = {}, {}, {}, {}, {}
end

local function count_natives()
  local exchange = port.transport.exchange
  local counted = {}
  function counted:allocate(length)
    local proxy = setmetatable({}, proxy_meta)
    backing[proxy] = inner:allocate(length)
    return proxy
  end
  function counted:copy(source_bytes, from, target, at, length)
    native("copy", length)
    inner:copy(backing[source_bytes], from, backing[target], at, length)
  end
  function counted:fill(target, at, length, value)
    native("fill", length)
    inner:fill(backing[target], at, length, value)
  end
  function counted:wipe(target)
    native("wipe", backing[target].length)
    inner:wipe(backing[target])
  end
  function counted:equalConstantTime(a, a_at, b, b_at, length)
    native("equal", length)
    return inner:equalConstantTime(backing[a], a_at, backing[b], b_at, length)
  end
  function counted:xor(target, at, length, value)
    native("xor", length)
    inner:xor(backing[target], at, length, value)
  end
  port.natives = counted
  local open = port.rom
  function port.rom(path)
    local file = open(path)
    local rom = { lengthBytes = file.lengthBytes }
    function rom:readWord(offset)
      native("rom", 4)
      return file:readWord(offset)
    end
    function rom:equal(offset, other, length)
      native("rom", length)
      return file:equal(offset, other, length)
    end
    function rom:readRows(offset, into, at, length, rows, stride)
      native("rom", length * rows)
      file:readRows(offset, backing[into], at, length, rows, stride)
    end
    return rom
  end
  function port.transport:exchange(request, length, answer)
    local kind = last_request(backing[request], length)
    flush(kind)
    local count = exchange(self, backing[request], length, backing[answer])
    note_time(kind, backing[answer])
    return count
  end
end

if cost.mode == "memory" then
  measure_memory()
else
  count_natives()
  debug.sethook(function()
    local info = debug.getinfo(2, "S")
    if info.source == source then
      local line = info.linedefined
      instructions[line] = (instructions[line] or 0) + 1
    end
  end, "", 1)
end

dofile(cost.image)
