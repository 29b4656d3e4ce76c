/**
 * What takes the variables of Espruino's interpreter after boot, by module: the bundle runs from Storage with a count around each
 * of its parts and around the making of each object, whose arguments count as its own. What is left behind when a maker ends is
 * taken off it, so a module that makes much and keeps little may come out below nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { AnyNode } from "acorn";
import { childrenOf } from "../../board/build/espruino-tree.ts";
import type { SizeTable } from "../../board/build/mps2-flash.ts";
import { BusFault } from "../../host-sim/engine/bus-decoder.ts";
import { startEspruino, type EspruinoImage } from "../../host-sim/engine/espruino-engine.ts";
import { makeBusEvents, WorldBus } from "../../host-sim/world/world-bus.ts";
import { World } from "../../host-sim/world/world.ts";
import { modulePartsOf } from "./espruino.ts";

const DEPTH = 32;
const SAID = /^modules ([\d,-]+)$/m;

/** `nb` begins a count, `ne` ends it for module `k` and gives back `v`; what was counted in between is taken off the encloser. */
function counter(modules: number): string {
  return [
    `var nn=new Int32Array(${modules}),ns=new Int32Array(${DEPTH}),nc=new Int32Array(${DEPTH}),nd=0`,
    "function nu(){return process.memory().usage}",
    "function nb(){ns[nd]=nu();nc[nd]=0;nd++}",
    "function ne(k,v){nd--;var w=nu()-ns[nd];nn[k]+=w-nc[nd];if(nd>0)nc[nd-1]+=w;return v}",
  ].join(";");
}

/** Writes a part with a count around the making of each object whose class is a module's. */
class Counted {
  constructor(
    private readonly text: string,
    /** Numbers of modules by the names of what they declare. */
    private readonly modules: ReadonlyMap<string, number>,
  ) {}

  write(node: AnyNode): string {
    const made = node.type === "NewExpression" && node.callee.type === "Identifier" ? node.callee.name : "";
    const module = this.modules.get(made);
    return module === undefined ? this.plain(node) : `(nb(),ne(${module},${this.plain(node)}))`;
  }

  private plain(node: AnyNode): string {
    let out = "";
    let at = node.start;
    for (const child of childrenOf(node)) {
      if (child.start < at) continue; // a shorthand property lists one node twice
      out += this.text.slice(at, child.start) + this.write(child);
      at = child.end;
    }
    return out + this.text.slice(at, node.end);
  }
}

/** Ends as soon as it boots: what it said is in the failure. */
class StoppingBus extends WorldBus {
  override matrixScan(): number {
    throw new BusFault("stopped");
  }
}

function said(image: EspruinoImage): string {
  const options = { mode: "open", language: "ja", firewall: "refuse" } as const;
  const engine = startEspruino(new StoppingBus(new World(1)), options, image);
  try {
    engine.resume(makeBusEvents());
  } catch (error) {
    return String(error);
  }
  throw new Error("the bus did not stop the image");
}

/** Variables after boot by module. `program` is the shortened bundle, the ordered one beside it. */
export async function variablesOf(image: EspruinoImage): Promise<SizeTable> {
  const text = readFileSync(image.program, "utf8");
  const parts = await modulePartsOf(image.program.replace(/\.min\.js$/, ".js"), image.program);
  const modules = [...new Set(parts.map(({ module }) => module))];
  const named = parts.filter(({ name }) => name !== "");
  const numbers = new Map(named.map(({ name, module }) => [name, modules.indexOf(module)]));
  const counted = new Counted(text, numbers);
  const statements = parts.map(({ node, keyword, module }, at) => {
    const statement = `${keyword} ${counted.write(node)}`;
    // The last one runs for ever.
    if (at === parts.length - 1) return `print("modules "+nn.join(","));${statement}`;
    return `nb();${statement};ne(${modules.indexOf(module)})`;
  });
  const program = image.program.replace(/\.min\.js$/, ".counted.js");
  writeFileSync(program, [counter(modules.length), ...statements].join(";\n"));
  const log = said({ ...image, program, runFrom: "storage" });
  const counts = SAID.exec(log)?.[1]?.split(",").map(Number);
  if (counts?.length !== modules.length) throw new Error(`the interpreter did not count: ${log}`);
  return new Map(modules.map((module, at) => [module, counts[at]!]));
}
