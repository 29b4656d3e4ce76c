/* The packed program and the page ROM, as bytes in program memory. */
    .section .rodata.tables, "a"
    .balign 4
    .global program_words, rom_start, rom_end
program_words:
    .incbin PROGRAM
    .balign 4
rom_start:
    .incbin ROM
rom_end:
