/* Debian's patched luaconf.h asks for this header, which its packages write: where modules lie. Here there are none. */
#define DEB_HOST_MULTIARCH ""
