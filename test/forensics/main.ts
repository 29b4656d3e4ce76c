/** `make forensics`: all of it in one process, which compiles the image once. Ends with `N searches, 0 findings`. */
import "./search.test.ts";
import "./holes.test.ts";
import "./leaks.test.ts";
import "./same-memory.test.ts";
import "./sealed-leaks.test.ts";
import "./sealed.test.ts";
import "./sealed-change.test.ts";
import "./forensics.test.ts";
