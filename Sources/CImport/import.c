#define _GNU_SOURCE
#include "CImport.h"

#include <dlfcn.h>
#include <gcrypt.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>

// Linked in the ordinary way they would cost every run a part of a millisecond.
static void *gcrypt(const char *name) {
    void *library = dlopen("libgcrypt.so.20", RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, name) : NULL;
}

static void *zlib(const char *name) {
    void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, name) : NULL;
}

#define FIND(library, name) __typeof__(name) *find_##name = (__typeof__(name) *)library(#name)

// It wants to be asked for its version before anything else.
static int ready(void) {
    FIND(gcrypt, gcry_check_version);
    FIND(gcrypt, gcry_control);
    if (!find_gcry_check_version || !find_gcry_control) return -2;
    if (!find_gcry_check_version("1.10.0")) return -2;
    find_gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return 0;
}

int passel_pbkdf2(const void *passphrase, size_t length, const void *salt, size_t salt_length,
                  unsigned long iterations, void *key, size_t key_length) {
    FIND(gcrypt, gcry_kdf_derive);
    if (ready() || !find_gcry_kdf_derive) return -2;
    return find_gcry_kdf_derive(passphrase, length, GCRY_KDF_PBKDF2, GCRY_MD_SHA256, salt,
                                salt_length, iterations, key_length, key)
               ? -1
               : 0;
}

int passel_argon2id(const void *passphrase, size_t length, const void *salt, size_t salt_length,
                    unsigned long iterations, unsigned long memory, unsigned long lanes, void *key,
                    size_t key_length) {
    FIND(gcrypt, gcry_kdf_open);
    FIND(gcrypt, gcry_kdf_compute);
    FIND(gcrypt, gcry_kdf_final);
    FIND(gcrypt, gcry_kdf_close);
    if (ready() || !find_gcry_kdf_open || !find_gcry_kdf_compute || !find_gcry_kdf_final ||
        !find_gcry_kdf_close)
        return -2;
    const unsigned long parameters[4] = {key_length, iterations, memory, lanes};
    gcry_kdf_hd_t state;
    if (find_gcry_kdf_open(&state, GCRY_KDF_ARGON2, GCRY_KDF_ARGON2ID, parameters, 4, passphrase,
                           length, salt, salt_length, NULL, 0, NULL, 0))
        return -1;
    int failed = find_gcry_kdf_compute(state, NULL) || find_gcry_kdf_final(state, key_length, key);
    find_gcry_kdf_close(state);
    return failed ? -1 : 0;
}

int passel_aes256_cbc(const void *key, const void *iv, const void *text, size_t length, void *out) {
    FIND(gcrypt, gcry_cipher_open);
    FIND(gcrypt, gcry_cipher_setkey);
    FIND(gcrypt, gcry_cipher_setiv);
    FIND(gcrypt, gcry_cipher_decrypt);
    FIND(gcrypt, gcry_cipher_close);
    if (ready() || !find_gcry_cipher_open || !find_gcry_cipher_setkey || !find_gcry_cipher_setiv ||
        !find_gcry_cipher_decrypt || !find_gcry_cipher_close)
        return -2;
    gcry_cipher_hd_t state;
    if (find_gcry_cipher_open(&state, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CBC, 0)) return -1;
    int failed = find_gcry_cipher_setkey(state, key, 32) || find_gcry_cipher_setiv(state, iv, 16) ||
                 find_gcry_cipher_decrypt(state, out, length, text, length);
    find_gcry_cipher_close(state);
    return failed ? -1 : 0;
}

long passel_inflate(const void *packed, size_t length, int bits, void *out, size_t capacity) {
    FIND(zlib, inflateInit2_);
    FIND(zlib, inflate);
    FIND(zlib, inflateEnd);
    if (!find_inflateInit2_ || !find_inflate || !find_inflateEnd) return -2;
    if (length > UINT_MAX || capacity > UINT_MAX) return -3;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    stream.next_in = (Bytef *)packed;
    stream.avail_in = (uInt)length;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    if (find_inflateInit2_(&stream, bits, ZLIB_VERSION, (int)sizeof stream) != Z_OK) return -1;
    int result = find_inflate(&stream, Z_FINISH);
    long size = (long)stream.total_out;
    int is_full = stream.avail_out == 0;
    find_inflateEnd(&stream);
    if (result == Z_STREAM_END) return size;
    return result == Z_BUF_ERROR && is_full ? -3 : -1;
}
