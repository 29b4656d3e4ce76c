/** The portable cases in a Lua interpreter on a host. */
import "./port.ts";
import "../portable/main.ts";
