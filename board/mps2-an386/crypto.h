/* hal/crypto.ts by Mbed TLS. */
#ifndef CRYPTO_H
#define CRYPTO_H

#include "lua.h"

/* Leaves a `Crypto` on the stack. */
void crypto_open(lua_State *L);

#endif
