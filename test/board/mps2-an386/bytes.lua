-- What Bytes and their natives refuse, and what that leaves behind. Each refusal is a line of the log: the test reads them.
local natives = port.natives
local bytes = natives:allocate(4)

local function tell(what, value)
  port.line(what .. ": " .. tostring(value))
end

local function refused(what, action)
  local ok, message = pcall(action)
  tell(what, ok and "allowed" or message)
end

local function read(index)
  return function()
    return bytes[index]
  end
end

local function write(index, value)
  return function()
    bytes[index] = value
  end
end

for i = 0, 3 do
  bytes[i] = 10 + i
end

refused("read -1", read(-1))
refused("read 4", read(4))
refused("read a third of one", read(0.25))
refused("read a text", read("first"))
refused("read nothing", read(nil))
refused("write -1", write(-1, 0))
refused("write 4", write(4, 0))
refused("write 256", write(0, 256))
refused("write a negative", write(0, -1))
refused("write a fraction", write(0, 1.5))
refused("write a text", write(0, "x"))
refused("write the length", write("length", 5))
refused("allocate a negative", function()
  natives:allocate(-1)
end)
refused("allocate 65536", function()
  natives:allocate(65536)
end)
refused("copy beyond the source", function()
  natives:copy(bytes, 2, bytes, 0, 3)
end)
refused("copy beyond the target", function()
  natives:copy(bytes, 0, bytes, 2, 3)
end)
refused("copy from before", function()
  natives:copy(bytes, -1, bytes, 0, 1)
end)
refused("copy a negative length", function()
  natives:copy(bytes, 0, bytes, 0, -1)
end)
refused("copy with numbers that wrap around", function()
  natives:copy(bytes, 0x7fffffffffffffff, bytes, 0, 1)
end)
refused("fill beyond", function()
  natives:fill(bytes, 0, 5, 1)
end)
refused("xor beyond", function()
  natives:xor(bytes, 3, 2, 1)
end)
refused("xor from beyond the source", function()
  natives:xorBytes(bytes, 2, bytes, 0, 3)
end)
refused("xor beyond the target", function()
  natives:xorBytes(bytes, 0, bytes, 2, 3)
end)
refused("xor a negative length", function()
  natives:xorBytes(bytes, 0, bytes, 0, -1)
end)
refused("compare beyond", function()
  natives:equalConstantTime(bytes, 0, bytes, 1, 4)
end)
refused("wipe a table", function()
  natives:wipe({})
end)
refused("hash beyond", function()
  port.crypto:sha256(bytes, 0, 5, natives:allocate(32))
end)
refused("hash into 31", function()
  port.crypto:sha256(bytes, 0, 4, natives:allocate(31))
end)
refused("encipher 15", function()
  port.crypto:aesBlock(natives:allocate(16), natives:allocate(15), natives:allocate(16))
end)
refused("read the table beyond", function()
  port.rom:readWord(port.rom.lengthBytes - 3)
end)
refused("read rows beyond", function()
  port.rom:readRows(0, bytes, 0, 2, 2, 3)
end)

tell("length", bytes.length)
tell("left", bytes[0] .. " " .. bytes[1] .. " " .. bytes[2] .. " " .. bytes[3])
tell("last", bytes[3.0])
