/** What the firmware costs: `tsx test/cost/main.ts [lua] [memory] [statements]`, all of them without a word. */
import { buildImage, runLua } from "./lua-costs.ts";
import { printAllocations, printLuaCosts } from "./lua-report.ts";
import { printStatementCosts } from "./statement-costs.ts";

const wanted = process.argv.slice(2);
const wants = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
if (wants("lua") || wants("memory")) buildImage();
if (wants("lua")) printLuaCosts(runLua("count"));
if (wants("memory")) printAllocations(runLua("memory"));
if (wants("statements")) await printStatementCosts();
