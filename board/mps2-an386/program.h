/* The firmware's bytecode in its virtual machine. */
#ifndef PROGRAM_H
#define PROGRAM_H

/* Loads and runs it; there is no end but a reset, or the end of the world that the bus leads to. */
_Noreturn void program_run(void);

#endif
