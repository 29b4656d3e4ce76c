/** The people of a new register. All of them are made up, and so are their numbers: 見本町 is no town, and 999… is nobody's 住民票コード. */
import type { Database } from "node-sqlite3-wasm";
import type { CardKind } from "./services.ts";

interface Person {
  readonly name: string;
  readonly kana: string;
  readonly birth: string;
  readonly sex: "male" | "female";
  readonly code: string;
  readonly card?: { readonly serial: string; readonly kind: CardKind; readonly expiry: string };
}

interface Household {
  readonly address: string;
  readonly people: readonly Person[];
}

const mynumber = (serial: string, kind: CardKind = "mynumber") => ({ serial, kind, expiry: "2033-04-01" });

/**
 * The first household's cards, and those of 架空 一郎 and 例示 あおい (`mynumber-same`), are in the deck (host-sim/card/deck.ts). 花子's two
 * PINs differ, as a town never leaves them: a change tells which one is wrong. Those of everybody else are one, and change.
 */
const HOUSEHOLDS: readonly Household[] = [
  {
    address: "架空県見本市窓口町1丁目2番3号",
    people: [
      {
        name: "窓口 花子",
        kana: "まどぐち はなこ",
        birth: "1951-04-12",
        sex: "female",
        code: "99900000017",
        card: mynumber("100020003000417"),
      },
      {
        name: "窓口 太郎",
        kana: "まどぐち たろう",
        birth: "1949-11-03",
        sex: "male",
        code: "99900000025",
        card: mynumber("100020003000525"),
      },
      {
        name: "窓口 みらい",
        kana: "まどぐち みらい",
        birth: "2014-07-20",
        sex: "female",
        code: "99900000033",
        card: mynumber("100020003000633"),
      },
    ],
  },
  {
    address: "架空県見本市例示町45番地6",
    people: [
      {
        ...{
          name: "架空 一郎",
          kana: "かくう いちろう",
          birth: "1938-02-28",
          sex: "male",
          code: "99900000041",
        },
        card: { serial: "000010002000317", kind: "juki-plain", expiry: "2025-12-27" },
      },
    ],
  },
  {
    address: "架空県見本市例示町78番地",
    people: [
      {
        name: "見本 さくら",
        kana: "みほん さくら",
        birth: "1944-03-30",
        sex: "female",
        code: "99900000059",
        card: mynumber("100020003000741", "mynumber-face"),
      },
      { name: "見本 次郎", kana: "みほん じろう", birth: "1970-09-09", sex: "male", code: "99900000067" },
    ],
  },
  {
    address: "架空県見本市例示町90番地1",
    people: [
      {
        name: "例示 あおい",
        kana: "れいじ あおい",
        birth: "1988-05-05",
        sex: "female",
        code: "99900000075",
        card: mynumber("100020003000632"),
      },
    ],
  },
];

/** Of the deck's operator cards. The passwords are madoguchi-1 and madoguchi-2, told to everybody by the simulator's page. */
const OPERATORS = [
  {
    ...{ login: "madoka", name: "受付 まどか", card: "OPERATOR-1" },
    password: "scrypt$32768$pCbq7yXZwB92fZ+rrjDeDg==$yNRocS72rQsxR0PHfn704ZjLymagGNuhcxD/EJgKSZE=",
  },
  {
    ...{ login: "midori", name: "受付 みどり", card: "OPERATOR-2" },
    password: "scrypt$32768$EevhIENbFvpzvwP2yOoTAg==$bwVKGXjbzAUs1WpqnIzBei2PRvkX0DsGA/8ctIDnxGw=",
  },
];

export function seed(database: Database): void {
  for (const { address, people } of HOUSEHOLDS) {
    const { lastInsertRowid: household } = database.run("INSERT INTO household (address) VALUES (?)", [
      address,
    ]);
    for (const person of people) addPerson(database, Number(household), person);
  }
  for (const { login, name, card, password } of OPERATORS)
    database.run("INSERT INTO operator VALUES (?, ?, ?, ?)", [login, name, card, password]);
}

function addPerson(database: Database, household: number, { card, ...person }: Person): void {
  const { name, kana, birth, sex, code } = person;
  const { lastInsertRowid: resident } = database.run(
    "INSERT INTO resident (household, name, kana, birth, sex, code) VALUES (?, ?, ?, ?, ?, ?)",
    [household, name, kana, birth, sex, code],
  );
  if (card === undefined) return;
  database.run("INSERT INTO card VALUES (?, ?, ?, 'in-use', ?)", [
    card.serial,
    Number(resident),
    card.kind,
    card.expiry,
  ]);
}
