-- Asks for noise and the backup memory, and writes down there what it was answered. The world reads it at the end.
local natives, bus = port.natives, port.bus

bus:boot(255, 255)

local bytes = natives:allocate(8)
for i = 0, 5 do
  bytes[i] = i
end
local before = bus:backupWasOpened()
bus:backupForgetOpening()
bus:backupWrite(0, 6, bytes)
natives:wipe(bytes)
bus:backupRead(4, 2, bytes)
bus:backupWrite(8, 6, bytes)
bus:noise(bytes, 8)
bus:backupWrite(16, 8, bytes)
bytes[0] = before and 1 or 0
bytes[1] = bus:backupWasOpened() and 1 or 0
bus:backupWrite(24, 2, bytes)
-- The FRAM's identity.
bytes[0] = 0x9f
bus:spiExchange(1, 0, bytes, 5)
bus:backupWrite(32, 5, bytes)

bus:idle(1000, {})
