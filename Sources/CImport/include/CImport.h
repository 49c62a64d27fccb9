#pragma once
#include <stddef.h>

// libgcrypt and zlib, loaded by the first call: only few imports need them.

// The key that a passphrase gives, by PBKDF2 with HMAC-SHA-256 (RFC 8018) or Argon2id (RFC 9106).
// Memory is in KiB. Returns 0, or -1 where it cannot be computed, -2 where libgcrypt is missing.
int passel_pbkdf2(const void *passphrase, size_t length, const void *salt, size_t salt_length,
                  unsigned long iterations, void *key, size_t key_length);
int passel_argon2id(const void *passphrase, size_t length, const void *salt, size_t salt_length,
                    unsigned long iterations, unsigned long memory, unsigned long lanes, void *key,
                    size_t key_length);
// Decrypts with AES-256 in CBC mode; the padding stays.
int passel_aes256_cbc(const void *key, const void *iv, const void *text, size_t length, void *out);

// Unpacks what zlib packed: raw for `bits` -15, gzip for 31. Returns the size, -1 where it is damaged,
// -2 where zlib is missing, -3 where it has more than `capacity` bytes.
long passel_inflate(const void *packed, size_t length, int bits, void *out, size_t capacity);
