import { Counter, AID, VERIFY_4 } from "../host-sim/scenario/counter.ts";
for (let r = 0; r < 5; r++) {
  let t = performance.now();
  const c = new Counter({ seed: 1 }).start(); 
  const t1 = performance.now();
  c.insert("mynumber"); c.select(AID.jpki, "0018");
  const t2 = performance.now();
  const s = c.secure(VERIFY_4, "1357E");
  const t3 = performance.now();
  c.simulator.remove(); c.simulator.runFor(6000);
  const t4 = performance.now();
  console.log(s, c.page, (t1 - t).toFixed(1), (t2 - t1).toFixed(1), (t3 - t2).toFixed(1), (t4 - t3).toFixed(1), c.simulator.world.recorder.all().length);
  const i = new Counter({ seed: 1 }).start(); i.insert("iso"); i.apdu("00a4040008a0000009994d4701".replace("08","08")); console.log(i.apdu("00a4000c022001"));
  const t5 = performance.now(); const n0 = i.simulator.world.recorder.all().filter(e=>e.channel.startsWith("card-")).length;
  console.log(i.apdu("00d60000001000" + "ab".repeat(4096)), (performance.now()-t5).toFixed(1), i.simulator.world.recorder.all().filter(e=>e.channel.startsWith("card-")).length - n0);
}
