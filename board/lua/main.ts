/** Entry of the device's Lua program on a host: says what was loaded. */
declare const port: { line(this: void, text: string): void };

port.line("madoguchi");
