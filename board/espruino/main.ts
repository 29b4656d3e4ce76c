/** Entry of the device's Espruino program: says what was loaded. */
declare function print(text: string): void;

print("madoguchi");
