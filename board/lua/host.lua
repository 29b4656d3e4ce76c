-- The host's Lua port: byte tables with the natives of hal/bytes.ts, and constant tables read from files (hal/rom.ts).
-- A program is started with `lua5.4 board/lua/host.lua program.lua [arguments]`; it finds everything in the global `port`.
-- Bytes are 0-based tables whose metatable refuses what is outside: index and length faults are faults of the program.

local function outside(key)
  error("index outside the bytes: " .. tostring(key), 3)
end

local bytes_meta = {
  __index = function(self, key)
    if key == "length" then
      return rawget(self, "n")
    end
    outside(key)
  end,
  __newindex = function(_, key)
    outside(key)
  end,
}

local function check_range(bytes, at, length)
  if math.type(at) == nil or at < 0 or length < 0 or at + length > bytes.length then
    error("range outside the bytes: " .. tostring(at) .. " + " .. tostring(length), 3)
  end
end

local function allocate(length)
  local made = { n = length }
  for i = 0, length - 1 do
    made[i] = 0
  end
  return setmetatable(made, bytes_meta)
end

local natives = {}

function natives:allocate(length)
  return allocate(length)
end

function natives:copy(source, from, target, at, length)
  check_range(source, from, length)
  check_range(target, at, length)
  if length > 0 then
    table.move(source, from, from + length - 1, at, target)
  end
end

function natives:fill(target, at, length, value)
  check_range(target, at, length)
  for i = at, at + length - 1 do
    target[i] = value & 255
  end
end

function natives:wipe(target)
  for i = 0, target.length - 1 do
    target[i] = 0
  end
end

function natives:equalConstantTime(a, a_at, b, b_at, length)
  check_range(a, a_at, length)
  check_range(b, b_at, length)
  local difference = 0
  for i = 0, length - 1 do
    difference = difference | (a[a_at + i] ~ b[b_at + i])
  end
  return difference == 0
end

function natives:xor(target, at, length, value)
  check_range(target, at, length)
  for i = at, at + length - 1 do
    target[i] = target[i] ~ (value & 255)
  end
end

function natives:xorBytes(source, from, target, at, length)
  check_range(source, from, length)
  check_range(target, at, length)
  for i = 0, length - 1 do
    target[at + i] = target[at + i] ~ source[from + i]
  end
end

-- A hal/rom.ts over the bytes of one file.
local function rom(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  local made = { lengthBytes = #text }
  local function check_table(offset, length)
    if offset < 0 or offset + length > #text then
      error("range outside the table: " .. offset .. " + " .. length, 3)
    end
  end
  function made:readWord(offset)
    check_table(offset, 4)
    return (string.unpack(">I4", text, offset + 1))
  end
  function made:equal(offset, other, length)
    check_table(offset, length)
    check_table(other, length)
    for i = 1, length do
      if text:byte(offset + i) ~= text:byte(other + i) then
        return false
      end
    end
    return true
  end
  function made:readRows(offset, into, at, length, rows, stride)
    check_table(offset, rows * length)
    for row = 0, rows - 1 do
      check_range(into, at + row * stride, length)
      for i = 0, length - 1 do
        into[at + row * stride + i] = text:byte(offset + row * length + i + 1)
      end
    end
  end
  return made
end

-- The bus (board/bus-wire.ts) over standard input and output; the program ends when its input does.
local transport = {}

local function read_exactly(length)
  local text = io.read(length)
  if text == nil or #text < length then
    os.exit(0)
  end
  return text
end

function transport:exchange(request, length, answer)
  check_range(request, 0, length)
  io.write(string.char(table.unpack(request, 0, length - 1)))
  io.flush()
  local low, high = read_exactly(2):byte(1, 2)
  local count = low + high * 256
  if count > 0 then
    check_range(answer, 0, count)
    table.move({ read_exactly(count):byte(1, count) }, 1, count, 0, answer)
  end
  return count
end

io.stdout:setvbuf("full", 65536)

local program = table.remove(arg, 1)

local function argument(position)
  return arg[position] or error("argument " .. position .. " is missing", 2)
end

port = { natives = natives, rom = rom, line = print, transport = transport, argument = argument }

dofile(program)
