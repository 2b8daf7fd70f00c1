/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "key_file.h"

#include "digit.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than any key with white space around it. */
enum { MAX_KEY_FILE = 256 };

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_hex(const char *text, size_t len) {
    size_t digits = 0;
    while (digits < len && hex_value(text[digits]) >= 0)
        digits++;
    return digits == len;
}

/* Whether text is a key of size bytes. Hexadecimal digits alone are not its bytes, but too few digits. */
static bool parse_key(const char *text, size_t len, size_t size, uint8_t *key) {
    if (len == size && !is_hex(text, len)) {
        memcpy(key, text, size);
        return true;
    }
    while (len > 0 && is_space(text[len - 1]))
        len--;
    while (len > 0 && is_space(*text)) {
        text++;
        len--;
    }
    if (len != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        key[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Reads up to size bytes. Returns their number, or -1. */
static ssize_t read_all(int file, char *buffer, size_t size) {
    size_t len = 0;
    while (len < size) {
        const ssize_t got = read(file, buffer + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

static bool read_key(int file, const char *name, cipher_mode mode, uint8_t *key) {
    char text[MAX_KEY_FILE];
    struct stat status;
    const size_t size = cipher_key_size(mode);
    const ssize_t len = fstat(file, &status) == 0 ? read_all(file, text, sizeof text) : -1;
    bool ok = len >= 0;
    if (!ok) {
        log_errno(name);
    } else if (!parse_key(text, (size_t)len, size, key)) {
        ok = false;
        log_error("%s: not a key of this mode, which is %zu hexadecimal digits", name, 2 * size);
    } else if (!cipher_key_is_valid(mode, key)) {
        ok = false;
        log_error("%s: the halves of the key are equal", name);
    } else if (S_ISREG(status.st_mode) && status.st_mode & 077) {
        log_error("warning: %s: others can read the key; 'chmod 600' prevents that", name);
    }
    explicit_bzero(text, sizeof text);
    return ok;
}

bool key_file_read(const char *name, cipher_mode mode, uint8_t key[CIPHER_MAX_KEY]) {
    const int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        log_errno(name);
        return false;
    }
    const bool ok = read_key(file, name, mode, key);
    close(file);
    return ok;
}

static bool write_all(int file, const char *text, size_t len) {
    while (len > 0) {
        const ssize_t written = write(file, text, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text += written;
        len -= (size_t)written;
    }
    return true;
}

bool key_file_create(const char *name, cipher_mode mode) {
    static const char digits[] = "0123456789abcdef";
    uint8_t key[CIPHER_MAX_KEY];
    char text[2 * CIPHER_MAX_KEY + 1];
    const size_t size = cipher_key_size(mode);
    do
        if (getentropy(key, size) != 0) {
            log_errno("getentropy");
            return false;
        }
    while (!cipher_key_is_valid(mode, key));
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[key[i] >> 4];
        text[2 * i + 1] = digits[key[i] & 15];
    }
    text[2 * size] = '\n';
    const int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = file >= 0 && write_all(file, text, 2 * size + 1);
    if (!ok)
        log_errno(name);
    if (file >= 0 && close(file) != 0 && ok) {
        log_errno(name);
        ok = false;
    }
    if (file >= 0 && !ok)
        unlink(name);
    explicit_bzero(key, sizeof key);
    explicit_bzero(text, sizeof text);
    return ok;
}

void protect_memory(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
