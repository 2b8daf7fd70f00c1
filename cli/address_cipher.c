/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_cipher.c - the modes that preserve prefixes replace bit i of an address by its exclusive or
 * with a bit that depends on the key and on the i bits before it. To encrypt, all of these bits are
 * known, so that the blocks of many addresses go to AES in one call. To decrypt, a bit is known when
 * those before it are: one call for each bit of many addresses.
 */
#include "address_cipher.h"

#include "shared_library.h"

#include <string.h>

size_t cipher_key_size(cipher_mode mode) {
    return mode == CIPHER_DETERMINISTIC ? 16 : 32;
}

bool cipher_key_is_valid(cipher_mode mode, const uint8_t *key) {
    return mode != CIPHER_PFX || memcmp(key, key + 16, 16) != 0;
}

#if defined(SIMDINET_WITH_CRYPTO)

#    include <endian.h>
#    include <openssl/evp.h>
#    include <stdlib.h>

#    define CRYPTO_FUNCTIONS(F)                                                                    \
        F(OSSL_LIB_CTX_new)                                                                        \
        F(OSSL_LIB_CTX_free)                                                                       \
        F(EVP_CIPHER_fetch)                                                                        \
        F(EVP_CIPHER_free)                                                                         \
        F(EVP_CIPHER_CTX_new)                                                                      \
        F(EVP_CIPHER_CTX_free)                                                                     \
        F(EVP_CIPHER_CTX_set_padding) F(EVP_CipherInit_ex) F(EVP_CipherUpdate)
DEFINE_LIBRARY(crypto, CRYPTO, CRYPTO_FUNCTIONS);

const char *cipher_load(void) {
    return shared_library_load(&crypto_library) ? NULL : crypto_library.error;
}

/* Blocks of one call of AES, in bytes 16 KiB: an address has 128 at most. */
enum { MAX_BLOCKS = 1024, BITS = 128, MAPPED_BITS = 96 };

struct address_cipher {
    cipher_mode mode;
    OSSL_LIB_CTX *library;
    EVP_CIPHER *aes;
    EVP_CIPHER_CTX *first, *second; /* second: CIPHER_PFX; or the decryption of the only key */
    uint8_t pad[16];                /* CIPHER_CRYPTOPAN: what follows a prefix */
    uint8_t blocks[MAX_BLOCKS][16];
    uint8_t first_out[MAX_BLOCKS][16], second_out[MAX_BLOCKS][16];
};

/* ---- AES ---------------------------------------------------------------------------------------- */

/* Out of memory, OpenSSL 3.0 crashes in the first use of its default OSSL_LIB_CTX, but not in one of ours. */
static bool open_aes(address_cipher *cipher) {
    cipher->library = crypto.OSSL_LIB_CTX_new();
    if (cipher->library)
        cipher->aes = crypto.EVP_CIPHER_fetch(cipher->library, "AES-128-ECB", NULL);
    return cipher->aes != NULL;
}

static EVP_CIPHER_CTX *new_context(const EVP_CIPHER *aes, const uint8_t key[16], bool encrypts) {
    EVP_CIPHER_CTX *context = crypto.EVP_CIPHER_CTX_new();
    if (context && crypto.EVP_CipherInit_ex(context, aes, NULL, key, NULL, encrypts) == 1 &&
        crypto.EVP_CIPHER_CTX_set_padding(context, 0) == 1)
        return context;
    crypto.EVP_CIPHER_CTX_free(context);
    return NULL;
}

static bool apply_aes(EVP_CIPHER_CTX *context, const uint8_t (*in)[16], uint8_t (*out)[16],
                      size_t n) {
    int len;
    return crypto.EVP_CipherUpdate(context, out[0], &len, in[0], (int)(16 * n)) == 1 &&
           len == (int)(16 * n);
}

address_cipher *cipher_new(cipher_mode mode, const uint8_t *key) {
    address_cipher *cipher = calloc(1, sizeof *cipher);
    if (!cipher)
        return NULL;
    cipher->mode = mode;
    if (open_aes(cipher))
        cipher->first = new_context(cipher->aes, key, true);
    bool ok = cipher->first != NULL;
    if (mode == CIPHER_CRYPTOPAN) {
        ok = ok && apply_aes(cipher->first, (const uint8_t(*)[16])(key + 16), &cipher->pad, 1);
    } else if (ok) {
        cipher->second = mode == CIPHER_PFX ? new_context(cipher->aes, key + 16, true)
                                            : new_context(cipher->aes, key, false);
        ok = cipher->second != NULL;
    }
    if (ok)
        return cipher;
    cipher_free(cipher);
    return NULL;
}

void cipher_free(address_cipher *cipher) {
    if (!cipher)
        return;
    crypto.EVP_CIPHER_CTX_free(cipher->first);
    crypto.EVP_CIPHER_CTX_free(cipher->second);
    crypto.EVP_CIPHER_free(cipher->aes);
    crypto.OSSL_LIB_CTX_free(cipher->library);
    explicit_bzero(cipher, sizeof *cipher);
    free(cipher);
}

/* ---- 128 bits ----------------------------------------------------------------------------------- */

typedef struct {
    uint64_t high, low;
} bits128;

static bits128 load_bits(const uint8_t bytes[16]) {
    bits128 bits;
    memcpy(&bits.high, bytes, 8);
    memcpy(&bits.low, bytes + 8, 8);
    return (bits128){be64toh(bits.high), be64toh(bits.low)};
}

static void store_bits(bits128 bits, uint8_t bytes[16]) {
    bits = (bits128){htobe64(bits.high), htobe64(bits.low)};
    memcpy(bytes, &bits.high, 8);
    memcpy(bytes + 8, &bits.low, 8);
}

/* The first n of 128 bits, n < 128. */
static bits128 mask_of(unsigned n) {
    return (bits128){n == 0 ? 0 : ~UINT64_C(0) << (n < 64 ? 64 - n : 0),
                     n <= 64 ? 0 : ~UINT64_C(0) << (128 - n)};
}

/* The first n bits and a 1 before them, at the end of 128 bits; n < 128. */
static bits128 prefix_of(bits128 bits, unsigned n) {
    if (n == 0)
        return (bits128){0, 1};
    if (n < 64)
        return (bits128){0, bits.high >> (64 - n) | UINT64_C(1) << n};
    if (n == 64)
        return (bits128){1, bits.high};
    const unsigned shift = 128 - n; /* 1 to 63 */
    return (bits128){bits.high >> shift | UINT64_C(1) << (n - 64),
                     bits.high << (64 - shift) | bits.low >> shift};
}

static void flip_bit(bits128 *bits, unsigned i, uint64_t by) {
    if (i < 64)
        bits->high ^= by << (63 - i);
    else
        bits->low ^= by << (127 - i);
}

/* ---- prefixes ----------------------------------------------------------------------------------- */

/* The first bit that is replaced. */
static unsigned first_bit(bits128 address) {
    return address.high == 0 && address.low >> 32 == 0xffff ? MAPPED_BITS : 0;
}

/* The block for bit i of an address, which depends on the bits before it. */
static void make_block(const address_cipher *cipher, bits128 address, unsigned start, unsigned i,
                       uint8_t block[16]) {
    if (cipher->mode == CIPHER_PFX) {
        store_bits(prefix_of(address, i), block);
        return;
    }
    /* Crypto-PAn has IPv4 addresses at the start of the block. */
    if (start)
        address.high = address.low << 32;
    const bits128 mask = mask_of(i - start), pad = load_bits(cipher->pad);
    store_bits((bits128){(address.high & mask.high) | (pad.high & ~mask.high),
                         (address.low & mask.low) | (pad.low & ~mask.low)},
               block);
}

static bool encrypt_blocks(address_cipher *cipher, size_t n) {
    return apply_aes(cipher->first, (const uint8_t(*)[16])cipher->blocks, cipher->first_out, n) &&
           (cipher->mode != CIPHER_PFX ||
            apply_aes(cipher->second, (const uint8_t(*)[16])cipher->blocks, cipher->second_out, n));
}

/* The bit that block k gives. */
static uint64_t bit_of(const address_cipher *cipher, size_t k) {
    return cipher->mode == CIPHER_PFX ? (cipher->first_out[k][15] ^ cipher->second_out[k][15]) & 1u
                                      : cipher->first_out[k][0] >> 7;
}

static bool encrypt_prefixes(address_cipher *cipher, uint8_t (*addresses)[16], size_t n) {
    for (size_t done = 0; done < n;) {
        size_t blocks = 0, last = done;
        for (; last < n && blocks + BITS <= MAX_BLOCKS; last++) {
            const bits128 address = load_bits(addresses[last]);
            const unsigned start = first_bit(address);
            for (unsigned i = start; i < BITS; i++)
                make_block(cipher, address, start, i, cipher->blocks[blocks++]);
        }
        if (!encrypt_blocks(cipher, blocks))
            return false;
        for (size_t k = 0; done < last; done++) {
            bits128 address = load_bits(addresses[done]);
            for (unsigned i = first_bit(address); i < BITS; i++)
                flip_bit(&address, i, bit_of(cipher, k++));
            store_bits(address, addresses[done]);
        }
    }
    return true;
}

static bool decrypt_prefixes(address_cipher *cipher, uint8_t (*addresses)[16], size_t n) {
    unsigned starts[MAX_BLOCKS];
    for (; n > 0;) {
        const size_t part = n < MAX_BLOCKS ? n : MAX_BLOCKS;
        for (size_t k = 0; k < part; k++)
            starts[k] = first_bit(load_bits(addresses[k]));
        for (unsigned i = 0; i < BITS; i++) {
            size_t blocks = 0;
            for (size_t k = 0; k < part; k++)
                if (i >= starts[k])
                    make_block(cipher, load_bits(addresses[k]), starts[k], i,
                               cipher->blocks[blocks++]);
            if (blocks > 0 && !encrypt_blocks(cipher, blocks))
                return false;
            blocks = 0;
            for (size_t k = 0; k < part; k++)
                if (i >= starts[k]) {
                    bits128 address = load_bits(addresses[k]);
                    flip_bit(&address, i, bit_of(cipher, blocks++));
                    store_bits(address, addresses[k]);
                }
        }
        addresses += part;
        n -= part;
    }
    return true;
}

/* ---- all modes ---------------------------------------------------------------------------------- */

static bool apply_deterministic(address_cipher *cipher, EVP_CIPHER_CTX *context,
                                uint8_t (*addresses)[16], size_t n) {
    for (; n > 0;) {
        const size_t part = n < MAX_BLOCKS ? n : MAX_BLOCKS;
        if (!apply_aes(context, (const uint8_t(*)[16])addresses, cipher->first_out, part))
            return false;
        memcpy(addresses, cipher->first_out, 16 * part);
        addresses += part;
        n -= part;
    }
    return true;
}

bool cipher_encrypt(address_cipher *cipher, uint8_t (*addresses)[16], size_t n) {
    return cipher->mode == CIPHER_DETERMINISTIC
               ? apply_deterministic(cipher, cipher->first, addresses, n)
               : encrypt_prefixes(cipher, addresses, n);
}

bool cipher_decrypt(address_cipher *cipher, uint8_t (*addresses)[16], size_t n) {
    return cipher->mode == CIPHER_DETERMINISTIC
               ? apply_deterministic(cipher, cipher->second, addresses, n)
               : decrypt_prefixes(cipher, addresses, n);
}

#else

const char *cipher_load(void) {
    return "this command was built without libcrypto";
}

address_cipher *cipher_new(cipher_mode mode, const uint8_t *key) {
    (void)mode;
    (void)key;
    return NULL;
}

void cipher_free(address_cipher *cipher) {
    (void)cipher;
}

bool cipher_encrypt(address_cipher *cipher, uint8_t (*addresses)[16], size_t n) {
    (void)cipher;
    (void)addresses;
    (void)n;
    return false;
}

bool cipher_decrypt(address_cipher *cipher, uint8_t (*addresses)[16], size_t n) {
    return cipher_encrypt(cipher, addresses, n);
}

#endif
