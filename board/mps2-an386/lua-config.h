/* Included before every file of Lua: what a board without files, locale and entropy decides otherwise (luaconf.h lets it). */
#ifndef LUA_CONFIG_H
#define LUA_CONFIG_H

#define lua_getlocaledecpoint() '.'
/* Table order of strings is the same in every run; there is nobody to attack a hash here. */
#define luai_makeseed(L) ((void)(L), 0u)
#define lua_writestring(text, length) ((void)(text), (void)(length))
#define lua_writeline() ((void)0)
#define lua_writestringerror(format, text) ((void)(format), (void)(text))
/* Nesting of C calls: the stack is 8 KB. */
#define LUAI_MAXCCALLS 60

#endif
