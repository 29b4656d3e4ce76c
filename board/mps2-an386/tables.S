/* The program's bytecode and the page ROM, as bytes in program memory. */
    .section .rodata.tables, "a"
    .balign 4
    .global program_start, program_end, rom_start, rom_end
program_start:
    .incbin PROGRAM
program_end:
    .balign 4
rom_start:
    .incbin ROM
rom_end:
