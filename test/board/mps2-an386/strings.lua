-- Makes at run time what also lies in program memory, and tells whether it is the same. First constants of every kind.
local kinds = { 1.5, -0.0, 0x123456789abcdef, -1, nil, true, false, "quotes \"\\ ??=", "\0\1 \2002", "" }
local long = "forty-one bytes, which Lua keeps many of.."
local natives = port.natives

local function tell(what, value)
  port.line(what .. ": " .. tostring(value))
end

local function half(text, other)
  return text .. other
end

-- A name of the program, of a native, of a metamethod, of Lua's own error, and one that is long.
local function compare()
  local object = { first = 1, allocate = 2, __index = 3, ["not enough memory"] = 4, [long] = 5 }
  tell("a name", object[half("fir", "st")])
  tell("a native's name", object[half("allo", "cate")])
  tell("a metamethod's name", object[half("__in", "dex")])
  tell("the error's text", object[half("not enough ", "memory")])
  tell("a long text", object[half("forty-one bytes, ", "which Lua keeps many of..")])
  tell("a name that is nowhere", object[half("fir", "th")])
  tell("a type's name", type(half) == half("func", "tion"))
  tell("an inherited value", setmetatable({}, { [half("__in", "dex")] = { found = 6 } }).found)
  tell("a native", natives[half("allo", "cate")] == natives.allocate)
end

local function exhaust()
  local list = {}
  for i = 1, 1000 do
    list[i] = natives:allocate(1000)
  end
end

-- Strings of the heap by the thousand: Lua's table of them grows and shrinks.
local function collect()
  for round = 1, 3 do
    local list = {}
    for i = 1, 1500 do
      list[i] = "string " .. round .. " " .. i
    end
    tell("made", #list)
    list = nil
    port.collect()
    port.collect()
  end
end

local experiment = port.argument(1)
if port.reset() ~= 0 then
  tell("reset", (port.reset()))
elseif experiment == "compare" then
  compare()
  collect()
  compare()
  local ok, message = pcall(exhaust)
  tell("exhausted", not ok and message == half("not enough", " memory"))
  tell("kinds", #kinds)
elseif experiment == "write" then
  port.poke(port.program() + 8, 0)
end
