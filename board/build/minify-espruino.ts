/** `tsx board/build/minify-espruino.ts FROM TO`: shortens the ordered bundle and says by how much. */
import { minify } from "./espruino-minifier.ts";

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error("usage: minify-espruino.ts FROM TO");
const { before, after } = minify(from, to);
console.log(`${to}: ${after} of ${before} bytes`);
