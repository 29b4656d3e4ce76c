/* The page ROM, packed (rom.c), in program memory. */
    .section .rodata.tables, "a"
    .balign 4
    .global rom_start
rom_start:
    .incbin ROM
