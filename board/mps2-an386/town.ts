/** The town image (design §6). */
import { ImageKind } from "../../firmware/service/counter-hello.ts";
import { runSealed } from "./run-sealed.ts";

runSealed(ImageKind.Town);
