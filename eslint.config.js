/**
 * The small linter beside the compilers: the device subset (docs: style of hal/, firmware/ and the device files of
 * board/), and a modest set for the code that runs under Node. Layout is prettier's, layers are the compiler's.
 */
import tseslint from "typescript-eslint";

const refuse = (selector, message) => ({ selector, message });

/** `list.length = n` on a real array; a field of that name elsewhere is an ordinary number. */
const noArrayLength = {
  create(context) {
    const services = context.sourceCode.parserServices;
    const check = ({ left }) => {
      if (left.type !== "MemberExpression" || left.property.name !== "length") return;
      const isArray = services.program
        .getTypeChecker()
        .isArrayLikeType(services.getTypeAtLocation(left.object));
      if (isArray) context.report({ node: left, message: "no assignment to length" });
    };
    return { AssignmentExpression: check };
  },
};

/** What Lua, Espruino and JavaScript do not read alike. */
const portableSyntax = [
  refuse("SpreadElement", "no spread"),
  refuse("RestElement", "no rest"),
  refuse("ObjectPattern, ArrayPattern", "no destructuring"),
  refuse("AssignmentPattern", "no default parameter"),
  refuse("ChainExpression", "no ?."),
  refuse("BinaryExpression[operator='**'], AssignmentExpression[operator='**=']", "no **"),
  refuse(
    "BinaryExpression[operator='%'], AssignmentExpression[operator='%=']",
    "no %: it differs on negatives",
  ),
  refuse(
    "BinaryExpression[operator='/']:not(CallExpression[callee.object.name='Math'][callee.property.name=/^(floor|ceil|round)$/] > *)",
    "Math.floor around every division",
  ),
  refuse("AssignmentExpression[operator='/=']", "Math.floor around every division"),
  refuse("AssignmentExpression[operator=/^([|&]{2}|\\?\\?)=$/]", "no logical assignment"),
  refuse("Literal[regex]", "no regular expression"),
  refuse("Literal[raw='null']", "undefined, never null"),
  refuse("TSEnumDeclaration[const!=true]", "const enum"),
  refuse("SwitchCase[test=null]", "list every member instead of default"),
  refuse("MemberExpression[object.type='Super']", "no super.method(): Espruino recurses"),
  refuse(
    "ForStatement :function, WhileStatement :function, ForOfStatement :function",
    "no closure in a loop",
  ),
  refuse("ForInStatement", "no for-in"),
  refuse("BinaryExpression[operator='in'], UnaryExpression[operator='delete']", "no in, no delete"),
  refuse("TryStatement", "no try"),
  refuse("ThrowStatement", "no throw"),
  refuse(
    ":function[async=true], :function[generator=true], AwaitExpression, YieldExpression",
    "no async, no generator",
  ),
  refuse("MethodDefinition[kind=/^(get|set)$/], Property[kind=/^(get|set)$/]", "no accessor"),
  refuse("NewExpression[callee.name='Array']", "no new Array(n)"),
  refuse("ArrayExpression > Identifier.elements[name='undefined']", "no undefined in arrays"),
  refuse("CallExpression[callee.property.name='sort']", "no sort: its order differs"),
  refuse(
    "ClassDeclaration[superClass] > ClassBody:has(> PropertyDefinition[static=false]):not(:has(> MethodDefinition[kind='constructor']))",
    "a derived class with fields writes its constructor: super(...arguments) is no Espruino",
  ),
  refuse(
    "UpdateExpression:not(ExpressionStatement > *):not(ForStatement > *.update)",
    "++ only as a statement",
  ),
  refuse(
    "AssignmentExpression:not(ExpressionStatement > *):not(ForStatement > *.update)",
    "assignment only as a statement",
  ),
];

/** What costs memory after start, or hides state. */
const deviceSyntax = [
  refuse(
    "Program > VariableDeclaration[kind='let'], Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
    "no module state",
  ),
  refuse(
    ":function[params.length>1] > Identifier.params[typeAnnotation.typeAnnotation.type='TSBooleanKeyword']",
    "no boolean among two or more parameters",
  ),
  refuse("TemplateLiteral", "no string building"),
  refuse(
    "BinaryExpression[operator='+'] > Literal[raw=/^['\"]/], AssignmentExpression[operator='+='] > Literal[raw=/^['\"]/]",
    "no string building",
  ),
  refuse(
    "MethodDefinition[kind='method'] :matches(ArrayExpression, ObjectExpression, NewExpression, :function :function)",
    "allocate in constructors only",
  ),
];

const GLOBALS_JAVASCRIPT_ONLY = [
  ...["Map", "Set", "WeakMap", "WeakSet", "JSON", "Date", "Symbol", "Promise", "RegExp", "BigInt", "Proxy"],
  ...[
    "Reflect",
    "DataView",
    "ArrayBuffer",
    "Uint8Array",
    "Uint16Array",
    "Uint32Array",
    "Int32Array",
    "Error",
  ],
];
const MATH_NOT_EVERYWHERE = [
  "imul",
  "clz32",
  "fround",
  "hypot",
  "cbrt",
  "trunc",
  "log2",
  "log10",
  "sign",
  "random",
];

const portableRules = {
  "ts/strict-boolean-expressions": [
    "error",
    { allowString: false, allowNumber: false, allowNullableObject: false },
  ],
  "ts/switch-exhaustiveness-check": [
    "error",
    { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: false },
  ],
  "ts/no-explicit-any": "error",
  "ts/no-non-null-assertion": "error",
  "ts/consistent-type-assertions": ["error", { assertionStyle: "never" }],
  "ts/no-use-before-define": [
    "error",
    { functions: false, classes: true, variables: true, typedefs: false, ignoreTypeReferences: true },
  ],
  "ts/no-loop-func": "error",
  "here/no-array-length": "error",
  eqeqeq: "error",
  "no-labels": "error",
  "no-restricted-globals": ["error", ...GLOBALS_JAVASCRIPT_ONLY],
  "no-restricted-properties": [
    "error",
    ...MATH_NOT_EVERYWHERE.map((property) => ({ object: "Math", property })),
  ],
};

const shapeRules = {
  "max-params": ["error", 4],
  "max-depth": ["error", 3],
  "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
};

const base = {
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
  plugins: { ts: tseslint.plugin, here: { rules: { "no-array-length": noArrayLength } } },
  linterOptions: { reportUnusedDisableDirectives: "error" },
};

export default [
  { ignores: ["build/**", "coverage/**", "**/node_modules/**"] },
  {
    ...base,
    files: ["hal/**/*.ts", "firmware/**/*.ts", "board/**/*.ts"],
    ignores: [
      "board/build/**",
      "board/rom/**",
      "board/lua/**",
      "board/espruino/**",
      "board/mps2-an386/main.ts",
    ],
    rules: {
      ...portableRules,
      ...shapeRules,
      "no-restricted-syntax": ["error", ...portableSyntax, ...deviceSyntax],
    },
  },
  {
    // Ports and portable cases: the same language, but they may build texts and lists.
    ...base,
    files: [
      "board/lua/**/*.ts",
      "board/mps2-an386/main.ts",
      "board/espruino/**/*.ts",
      "test/portable/*.cases.ts",
      "test/portable/main.ts",
      "test/espruino/*.ts",
      "test/lua/*.ts",
    ],
    rules: {
      ...portableRules,
      "ts/consistent-type-assertions": "off",
      "no-restricted-syntax": ["error", ...portableSyntax],
    },
  },
  {
    // Drivers of Espruino's own peripherals make its own bytes.
    files: ["board/espruino/card-uart.ts", "board/espruino/line.ts"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    // The interpreter's console is switched off with null.
    files: ["board/espruino/main.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...portableSyntax.filter(({ message }) => message !== "undefined, never null"),
      ],
    },
  },
  {
    // The one place that makes the bytes of hal/ for Espruino, and that may tell a fault of the program.
    files: ["board/espruino/natives.ts"],
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-syntax": ["error", ...portableSyntax.filter(({ message }) => message !== "no throw")],
    },
  },
  {
    ...base,
    files: ["host-sim/**/*.ts", "test/**/*.ts", "board/build/**/*.ts", "board/rom/**/*.ts"],
    ignores: ["test/portable/*.cases.ts", "test/portable/main.ts", "test/espruino/*.ts", "test/lua/*.ts"],
    rules: {
      "ts/no-explicit-any": "error",
      "ts/no-floating-promises": ["error", { ignoreVoid: true }],
      "ts/no-misused-promises": ["error", { checksVoidReturn: false }],
      "ts/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
      "no-labels": "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-depth": ["error", 4],
      "max-params": ["error", 5],
    },
  },
];
