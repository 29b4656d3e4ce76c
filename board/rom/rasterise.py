#!/usr/bin/python3
"""Makes board/rom/glyphs/*.bdf: the glyphs that the pages use, as 1-bit bitmaps with FreeType's mono hinting.

Run by hand after a text changed, on Debian with fonts-morisawa-bizud-gothic and python3-freetype:

    npx tsx board/rom/list-glyphs.ts | /usr/bin/python3 board/rom/rasterise.py

Input: lines "face size characters". The output is text, so that a change of a glyph can be read in a diff.
"""
import os
import sys

import freetype

FONTS = "/usr/share/fonts/truetype/bizud-gothic/"
FACES = {"gothic": "BIZUDGothic-Bold.ttf", "proportional": "BIZUDPGothic-Bold.ttf"}
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "glyphs")
FLAGS = freetype.FT_LOAD_RENDER | freetype.FT_LOAD_TARGET_MONO | freetype.FT_LOAD_NO_BITMAP


def rows(bitmap):
    stride = (bitmap.width + 7) // 8
    for y in range(bitmap.rows):
        yield bytes(bitmap.buffer[y * bitmap.pitch : y * bitmap.pitch + stride]).hex().upper()


def glyph(face, character):
    if face.get_char_index(character) == 0:
        sys.exit(f"the font has no glyph for {character!r} (U+{ord(character):04X})")
    face.load_char(character, FLAGS)
    slot = face.glyph
    bitmap = slot.bitmap
    advance = slot.advance.x // 64
    bottom = slot.bitmap_top - bitmap.rows
    return [
        f"STARTCHAR U+{ord(character):04X}",
        f"ENCODING {ord(character)}",
        f"DWIDTH {advance} 0",
        f"BBX {bitmap.width} {bitmap.rows} {slot.bitmap_left} {bottom}",
        "BITMAP",
        *rows(bitmap),
        "ENDCHAR",
    ]


def write(name, size, characters):
    face = freetype.Face(FONTS + FACES[name])
    face.set_pixel_sizes(0, size)
    ordered = sorted(set(characters))
    lines = [
        "STARTFONT 2.1",
        "COMMENT Derived from BIZ UDGothic, SIL Open Font License 1.1: see OFL.txt",
        f"FONT Madoguchi-{name}-{size}",
        f"SIZE {size} 75 75",
        f"FONTBOUNDINGBOX {size} {size} 0 {round(0.88 * size) - size}",
        f"CHARS {len(ordered)}",
    ]
    for character in ordered:
        lines += glyph(face, character)
    with open(os.path.join(FOLDER, f"madoguchi-{name}-{size}.bdf"), "w", encoding="ascii") as file:
        file.write("\n".join(lines + ["ENDFONT", ""]))


for line in sys.stdin.read().split("\n"):
    if line:
        name, size, characters = line.split(" ", 2)
        write(name, int(size), characters)
