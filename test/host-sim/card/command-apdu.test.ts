import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { decodeCommand } from "../../../host-sim/card/apps/command-apdu.ts";

const test = suite("command APDU");

function decoded(hex: string): (number | boolean | undefined)[] | undefined {
  const command = decodeCommand(Buffer.from(hex, "hex"));
  return command && [command.data.length, command.hasData, command.le];
}

test("the seven cases of 7816-3 table 13 are told apart", () => {
  equal(decoded("00200080"), [0, false, undefined]);
  equal(decoded("0020008000"), [0, false, 256]);
  equal(decoded("0020008002"), [0, false, 2]);
  equal(decoded("00200080023132"), [2, true, undefined]);
  equal(decoded("0020008002313200"), [2, true, 256]);
  equal(decoded("00200080000000"), [0, false, 65536]);
  equal(decoded("00200080000100"), [0, false, 256]);
  equal(decoded("002000800000023132"), [2, true, undefined]);
  equal(decoded("0020008000000231320100"), [2, true, 256]);
});

test("lengths that contradict each other are refused", () => {
  for (const hex of [
    "",
    "002000",
    "00200080033132",
    "002000800231323300",
    "002000800000033132",
    "0020008000000231320000FF",
  ]) {
    is(decoded(hex), undefined, hex);
  }
});

test.run();
