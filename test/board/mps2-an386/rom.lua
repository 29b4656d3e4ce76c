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
block[0] = rom:equal(0, 0, rom.lengthBytes) and 1 or 0
port.line("equals itself: " .. block[0])
