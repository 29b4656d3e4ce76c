import { CutBench } from "./every-byte/cut-bench.ts";
import { EXCHANGES, LONG_COMMAND, verifiesAgain } from "./every-byte/exchanges.ts";
for (const e of [...EXCHANGES, LONG_COMMAND]) {
  const b = new CutBench({ seed: 3, ...e.image });
  const go = (k: number, how: string) => {
    const card = e.card();
    if (e.isPowerOn) { b.counter.simulator.insert(card); b.counter.simulator.runFor(100); b.counter.host.slotStatus(); }
    else b.counter.insert(card);
    e.prepare(b);
    const before = JSON.stringify(card.application.pins);
    const { world } = b.counter.simulator;
    b.arm(k, () => how === "remove" ? b.counter.simulator.remove() : how === "glitch" ? world.slot.glitch(20000) : world.slot.fault());
    let answer; try { answer = e.act(b); } catch (x) { answer = "THROW " + x; }
    b.disarm();
    const page1 = b.counter.page;
    b.settle();
    const ev = b.cutNs === undefined ? [] : world.recorder.all().filter(x => (x.channel === "card-supply" || x.channel === "pins") && x.timeNs >= b.cutNs!).map(x => `${x.timeNs - b.cutNs!}:${x.value}`);
    const moved = before !== JSON.stringify(card.application.pins.map(p=>({...p,verified:false})));
    const line = `${answer} ${page1} ${b.counter.page} begun ${b.begun.count} moved ${moved} held ${e.typed.map(p => b.memory.holding(p))} typed ${b.heldWhileTyped} unsent ${world.cardUart.unsentBytes()} | ${ev.join(" ")}`;
    const n = b.characters;
    b.begun.reset();
    const t = performance.now();
    b.again(card);
    let v; try { v = verifiesAgain(b, card); } catch (x) { v = "THROW " + x; }
    b.clear();
    return { n, line, v };
  };
  const u = go(Infinity, "remove");
  console.log("==", e.name, u.n, u.line, u.v);
  if (e === LONG_COMMAND) break;
  for (const how of ["remove", "glitch", "fault"]) {
    let last = "", from = 1;
    const t = performance.now();
    for (let k = 1; k <= u.n; k++) { const r = go(k, how); const l = r.line + " again " + r.v; if (l !== last) { if (last) console.log(how, from, k - 1, last); last = l; from = k; } }
    console.log(how, from, u.n, last, ((performance.now() - t) / u.n).toFixed(1), "ms each");
  }
}
