/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_cipher.h - keyed bijections of addresses, by AES-128 of OpenSSL's libcrypto: ipcrypt
 * (draft-denis-ipcrypt) and Crypto-PAn (Xu, Fan, Ammar and Moon, 2002).
 *
 * An address is 16 bytes in network order; IPv4 addresses are IPv4-mapped.
 */
#ifndef SIMDINET_ADDRESS_CIPHER_H
#define SIMDINET_ADDRESS_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    CIPHER_PFX,           /* ipcrypt-pfx: preserves prefixes and families */
    CIPHER_DETERMINISTIC, /* ipcrypt-deterministic: any address for any address */
    CIPHER_CRYPTOPAN,     /* preserves prefixes and families */
} cipher_mode;

enum { CIPHER_MAX_KEY = 32 };

typedef struct address_cipher address_cipher;

/* Loads libcrypto. NULL: loaded; else why it cannot be used. */
const char *cipher_load(void);

/* The bytes of a key: 16 or 32. */
size_t cipher_key_size(cipher_mode mode);

/* Whether a key is one of the mode: the halves of a key of CIPHER_PFX differ. */
bool cipher_key_is_valid(cipher_mode mode, const uint8_t *key);

/* NULL: out of memory, or libcrypto failed. */
address_cipher *cipher_new(cipher_mode mode, const uint8_t *key);

/* Clears and frees what belongs to the cipher, which may be NULL. */
void cipher_free(address_cipher *cipher);

/* Replaces n addresses. False: libcrypto failed. */
bool cipher_encrypt(address_cipher *cipher, uint8_t (*addresses)[16], size_t n);
bool cipher_decrypt(address_cipher *cipher, uint8_t (*addresses)[16], size_t n);

#endif
