/* The page ROM, as bytes in program memory. */
    .section .rodata.tables, "a"
    .balign 4
    .global rom_start, rom_end
rom_start:
    .incbin ROM
rom_end:
