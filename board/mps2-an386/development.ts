/** The development image: the town image's composition, but keys that were made for development are taken (design §6). */
import { ImageKind } from "../../firmware/service/counter-hello.ts";
import { runSealed } from "./run-sealed.ts";

runSealed(ImageKind.Development);
