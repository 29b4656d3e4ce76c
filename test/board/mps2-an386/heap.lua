-- Experiments with the heap of the board, one a word of the command line. Everything random comes from one sequence.
-- A boot that is not the first tells why it is and ends.
local natives = port.natives

local state = 1
local function random(below)
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return (state >> 8) % below
end

local function tell(what, value)
  port.line(what .. ": " .. tostring(value))
end

-- Lengths around the classes of 8 bytes up to 256, and large ones.
local function some_length()
  local kind = random(4)
  if kind == 0 then
    return random(32)
  elseif kind == 1 then
    return random(300)
  elseif kind == 2 then
    return 8 * random(40)
  end
  return random(3000)
end

local function make(seed)
  local length = some_length()
  local bytes = natives:allocate(length)
  for i = 0, length - 1 do
    if bytes[i] ~= 0 then
      error("not zeroed")
    end
    bytes[i] = (seed + 7 * i) & 255
  end
  local list = {}
  for i = 1, random(20) do
    list[i] = seed + i
  end
  return { seed = seed, length = length, bytes = bytes, list = list, text = "item " .. seed }
end

local function check(item)
  if item.bytes.length ~= item.length or item.text ~= "item " .. item.seed then
    error("item " .. item.seed .. " is damaged")
  end
  for i = 0, item.length - 1 do
    if item.bytes[i] ~= (item.seed + 7 * i) & 255 then
      error("byte " .. i .. " of item " .. item.seed .. " is damaged")
    end
  end
  for i = 1, #item.list do
    if item.list[i] ~= item.seed + i then
      error("list of item " .. item.seed .. " is damaged")
    end
  end
end

-- Replaces items of a full table at random; each is checked before it goes, the rest at the end.
local function stress()
  port.collect()
  local used = port.heap()
  local slots = 150
  local items = {}
  for step = 1, 6000 do
    local slot = 1 + random(slots)
    if items[slot] ~= nil then
      check(items[slot])
    end
    items[slot] = make(step)
  end
  local live = 0
  for slot = 1, slots do
    if items[slot] ~= nil then
      check(items[slot])
      live = live + 1
    end
  end
  tell("live", live)
  items = nil
  port.collect()
  local left, peak = port.heap()
  tell("not given back", left - used)
  tell("peak", peak)
end

local function fill()
  local items = {}
  for i = 1, 10000 do
    items[i] = natives:allocate(1000 + i % 3)
  end
end

-- Takes the last byte, in blocks of one size, and tells how much that was.
local function take_all(length)
  local items = {}
  local ok = true
  while ok do
    ok = pcall(function()
      items[#items + 1] = natives:allocate(length)
    end)
  end
  local total = 0
  for i = 1, #items do
    total = total + items[i].length
  end
  return total
end

-- What was used for blocks of one size serves any other.
local function reuse()
  for _, length in ipairs({ 20, 200, 2000, 20000, 40, 4000, 90, 100 }) do
    tell("taken in blocks of " .. length, take_all(length))
    port.collect()
  end
  local used, peak = port.heap()
  tell("peak", peak)
end

local reason, part = port.reset()
if reason ~= 0 then
  tell("reset", reason)
elseif port.argument(1) == "stress" then
  stress()
elseif port.argument(1) == "exhaust" then
  fill()
elseif port.argument(1) == "reuse" then
  reuse()
end
