-- Every byte of the page ROM, read in runs that begin and end anywhere, and every line compared with others: hashes for the test.
local natives, rom = port.natives, port.rom
local BLOCK = 40000
local block = natives:allocate(BLOCK)
local digest = natives:allocate(32)

local function tell(what, length)
  port.crypto:sha256(block, 0, length, digest)
  local bytes = ""
  for at = 0, 31 do
    bytes = bytes .. digest[at] .. " "
  end
  port.line(what .. ": " .. bytes)
end

local start = 0
while start < rom.lengthBytes do
  local length = rom.lengthBytes - start
  if length > BLOCK then length = BLOCK end
  local at, run = 0, 1
  while at < length do
    if run > length - at then run = length - at end
    rom:readRows(start + at, block, at, run, 1, run)
    at, run = at + run, (run * 7 + 3) % 331 + 1
  end
  tell("bytes", length)
  start = start + length
end

-- 0 or 1 for each pair; host and board choose the same ones.
local pairs_told, one, other = 0, 1, 1
while pairs_told < BLOCK do
  one = (one * 75 + 74) % 65537
  other = (other * 75 + 74 + pairs_told) % 65537
  local offset, further = one * 4 % (rom.lengthBytes - 100), other * 4 % (rom.lengthBytes - 100)
  block[pairs_told] = rom:equal(offset, further, pairs_told % 9) and 1 or 0
  pairs_told = pairs_told + 1
end
tell("pairs", BLOCK)

-- Whole lines of every picture, as the display is painted: from any line on, packed and with room beside them.
local version = rom:readWord(4)
local records = (version & 0xffff) * (version >> 16 & 0xff)
local told = 0
for record = 0, records - 1 do
  local word = rom:readWord(12 + 4 * record)
  for item = 0, (word >> 24) - 1 do
    local at = (word & 0xffffff) + 8 * item
    local place, picture = rom:readWord(at), rom:readWord(at + 4)
    if picture >> 24 & 2 == 0 then
      local width, height = place >> 8 & 0xff, place & 0xff
      local from, stride = told % height, width + told % 3
      natives:fill(block, 0, stride * height, 0x55)
      rom:readRows((picture & 0xffffff) + from * width, block, 0, width, height - from, stride)
      tell("picture", stride * height)
      told = told + 1
    end
  end
end

block[0] = rom:equal(0, 0, rom.lengthBytes) and 1 or 0
port.line("equals itself: " .. block[0])
