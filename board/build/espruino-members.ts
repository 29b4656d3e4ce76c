/**
 * Members that belong to the interpreter. Every other member of the bundle is the product's own and gets a short name: a name of
 * more than four letters costs one variable more in each object that has it. A name that is missing here is found at once: the
 * shortened bundle does not boot.
 */
const OF_THE_LANGUAGE = [
  "constructor",
  "prototype",
  "length",
  "push",
  "concat",
  "slice",
  "pop",
  "charCodeAt",
  "indexOf",
  "substr",
];
const OF_MATH = ["floor", "ceil", "round", "abs", "min", "max"];
const OF_BYTES = ["set", "fill", "subarray", "buffer"];
const OF_E = [
  "convolve",
  "mapInPlace",
  "openFile",
  "setConsole",
  "getConsole",
  "enableWatchdog",
  "kickWatchdog",
];
const OF_FILES = ["require", "readFileSync", "statSync", "size", "seek", "read", "write"];
const OF_PROCESS = ["memory", "usage", "total", "blocksize", "env", "on"];
const OF_PINS = [
  "setup",
  "send",
  "parity",
  "stopbits",
  "bytesize",
  "errors",
  "rx",
  "tx",
  "sck",
  "mosi",
  "baud",
];
const OF_WATCH = [
  "repeat",
  "edge",
  "irq",
  "freq",
  "soft",
  "forceSoft",
  "mode",
  "port",
  "time",
  "state",
  "pin",
];
/** What the programs of the tests lend and print. */
const OF_TESTS = ["global", "line", "natives"];

const MEMBERS = [
  ...[OF_THE_LANGUAGE, OF_MATH, OF_BYTES, OF_E, OF_FILES].flat(),
  ...[OF_PROCESS, OF_PINS, OF_WATCH, OF_TESTS].flat(),
];

/** Matches a member that keeps its name. */
export const INTERPRETER_MEMBER = new RegExp(`^(?:${MEMBERS.join("|")})$`);
