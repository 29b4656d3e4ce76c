-- Puts a pattern into Bytes and gets rid of it in several ways. Each question on the bus is a moment to look at the memory.
local natives, bus = port.natives, port.bus

local function filled(length)
  local bytes = natives:allocate(length)
  for i = 0, length - 1 do
    if bytes[i] ~= 0 then
      error("not zeroed")
    end
    bytes[i] = (73 * i + 41) & 255
  end
  return bytes
end

bus:boot(255, 255)
bus:uartSetup(0, 115200)

local bytes = filled(250)
bus:pinsRead()
natives:wipe(bytes)
bus:pinsRead()

bytes = filled(250)
bus:pinsRead()
bytes = nil
port.collect()
bus:pinsRead()

local small = filled(40)
bus:pinsRead()
small = nil
port.collect()
bus:pinsRead()

bytes = filled(250)
bus:uartTx(0, bytes, 0, 250)
bus:pinsRead()
bus:pinsRead()
natives:wipe(bytes)
bus:pinsRead()

bus:idle(1000, {})
