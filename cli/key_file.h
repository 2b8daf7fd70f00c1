/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * key_file.h - files with a key: hexadecimal digits, which white space may surround, or the bytes of the
 * key and no others.
 */
#ifndef SIMDINET_KEY_FILE_H
#define SIMDINET_KEY_FILE_H

#include "address_cipher.h"

/* Reads a key of the mode. False: logged. Warns if others can read the file. */
bool key_file_read(const char *name, cipher_mode mode, uint8_t key[CIPHER_MAX_KEY]);

/* Creates a file, which must not exist, with a random key that only the user can read. False: logged. */
bool key_file_create(const char *name, cipher_mode mode);

/* Keeps the memory of the process out of core files and away from other processes of the user. */
void protect_memory(void);

#endif
