/* hal/crypto.ts by Mbed TLS: SHA-256 (FIPS 180-4) and one block of AES-128 (FIPS 197). The library wipes what it used. */
#include "crypto.h"

#include "bytes.h"
#include "lauxlib.h"
#include "mbedtls/aes.h"
#include "mbedtls/sha256.h"

#define DIGEST_BYTES 32
#define BLOCK_BYTES 16
#define KEY_BITS 128

static uint8_t *exactly(lua_State *L, int position, uint32_t length) {
  struct bytes *bytes = bytes_check(L, position);
  if (bytes->length != length) luaL_error(L, "argument %d: %d bytes are wanted", position, (int)length);
  return bytes->at;
}

/* sha256(bytes, from, length, into) */
static int sha256(lua_State *L) {
  const uint8_t *bytes = bytes_range(L, 2, 3, 4);
  uint8_t *into = exactly(L, 5, DIGEST_BYTES);
  if (mbedtls_sha256_ret(bytes, (size_t)integer_check(L, 4), into, 0) != 0) return luaL_error(L, "SHA-256 failed");
  return 0;
}

/* aesBlock(key, block, into) */
static int aes_block(lua_State *L) {
  const uint8_t *key = exactly(L, 2, KEY_BITS / 8);
  const uint8_t *block = exactly(L, 3, BLOCK_BYTES);
  uint8_t *into = exactly(L, 4, BLOCK_BYTES);
  mbedtls_aes_context context;
  mbedtls_aes_init(&context);
  int failed = mbedtls_aes_setkey_enc(&context, key, KEY_BITS);
  if (failed == 0) failed = mbedtls_aes_crypt_ecb(&context, MBEDTLS_AES_ENCRYPT, block, into);
  mbedtls_aes_free(&context);
  return failed == 0 ? 0 : luaL_error(L, "AES failed");
}

static const luaL_Reg CALLS[] = {{"sha256", sha256}, {"aesBlock", aes_block}, {NULL, NULL}};

void crypto_open(lua_State *L) { luaL_newlib(L, CALLS); }
